# shellcheck shell=bash
# The release build, for the scripts of bin/; needs bin/lib/install.sh.

# Builds the program in release, with Swift's own libraries inside it, and prints the path of the binary.
build_release() {
    local binary flags=(-c release --static-swift-stdlib --product directory)
    say "Building in release (the first time takes some minutes)"
    # Said here, since a command substitution does not end at the first failure.
    swift build "${flags[@]}" >&2 || fail "The build failed."
    binary=$(swift build "${flags[@]}" --show-bin-path)/directory || fail "The build's folder is not known."
    require_static_swift "$binary"
    printf '%s\n' "$binary"
}

# Ends the script where the binary $1 needs a library of Swift's, which another machine would lack. On macOS they are
# part of the system.
require_static_swift() {
    [ "$(uname -s)" = Linux ] || return 0
    local needed swift
    needed=$(ldd "$1") || fail "ldd cannot read $1:" "$needed"
    swift=$(grep -E '^[[:space:]]*lib(swift|Foundation|_Foundation|dispatch|BlocksRuntime)' <<<"$needed") || true
    [ -z "$swift" ] || fail "$1 still needs Swift's libraries:" "$swift"
}
