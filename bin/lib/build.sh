# shellcheck shell=bash
# The release build, for the scripts of bin/; needs bin/lib/install.sh.

# Builds the program in release, with Swift's own libraries inside it, and prints the path of the binary.
build_release() {
    local binary flags=(-c release --static-swift-stdlib --product directory)
    say "Building in release (the first time takes some minutes)"
    link_static_libraries
    # Said here, since a command substitution does not end at the first failure.
    swift build "${flags[@]}" >&2 || fail "The build failed."
    binary=$(swift build "${flags[@]}" --show-bin-path)/directory || fail "The build's folder is not known."
    require_nothing_but_libpq "$binary"
    printf '%s\n' "$binary"
}

# Lets the linker take in the C++ runtime and zlib: their archives are in a folder without the shared libraries, and a
# libpq.pc of our own has it searched first. On macOS both are part of the system.
link_static_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    local folder=$PWD/.build/static-libraries name archive original
    original=$(pkg-config --variable=pcfiledir libpq)/libpq.pc
    mkdir -p "$folder"
    for name in libstdc++.a libz.a; do
        archive=$(clang -print-file-name="$name")
        [ -f "$archive" ] || fail "The archive $name is not installed."
        ln -sf "$archive" "$folder/$name"
    done
    sed "s|^Libs:|Libs: -L$folder|" "$original" >"$folder/libpq.pc"
    export PKG_CONFIG_PATH=$folder${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
}

# Ends the script where the binary $1 itself needs a library that another machine may lack. On macOS Swift's are part of the
# system.
require_nothing_but_libpq() {
    [ "$(uname -s)" = Linux ] || return 0
    local needed others
    needed=$(readelf --dynamic "$1") || fail "readelf cannot read $1."
    needed=$(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' <<<"$needed")
    others=$(grep -vE '^(libpq|libc|libm|libgcc_s|ld-linux-.*)\.so' <<<"$needed") || true
    [ -z "$others" ] || fail "$1 needs more than libpq and the C library:" "$others"
}
