# shellcheck shell=bash
# What the project needs besides its own source: a Swift toolchain, libpq with its headers, and Postgres's programs.
# Sourced by the scripts in bin/. `install_requirements` installs what is missing if it may, and otherwise says what to
# install.

readonly oldest_swift=6.3
readonly oldest_postgres=15

say() { printf '==> %s\n' "$*" >&2; }

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Whether version $1 is at least version $2.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

require_swift() {
    command -v swift >/dev/null || fail \
        "There is no Swift here: install Swift $oldest_swift from https://www.swift.org/install/ and put it on the PATH."
    local version
    # Read in full before it is searched: a pipe that closes early would fail the script under pipefail.
    version=$(swift --version 2>&1) || fail "swift --version fails:" "$version"
    version=$(sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' <<<"$version")
    version=${version%%$'\n'*}
    at_least "${version:-0}" "$oldest_swift" || fail \
        "Swift ${version:-of an unknown version} is too old: this needs $oldest_swift or later (https://www.swift.org/install/)."
}

# Postgres's major version if its server programs are in folder $1, otherwise nothing.
postgres_version_in() {
    local program
    for program in postgres initdb pg_ctl psql; do
        [ -x "$1/$program" ] || return 0
    done
    "$1/postgres" --version 2>/dev/null | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p'
}

# The newest installed Postgres server programs: "17 /usr/lib/postgresql/17/bin", or "0 " if there are none. It looks in
# the same places as Sources/EmbeddedPostgres/PostgresInstallation.swift.
find_postgres() {
    local newest=0 best="" folder version
    local -a folders
    IFS=: read -r -a folders <<<"$PATH"
    for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin "${folders[@]}" \
        /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
        # A relative folder in the PATH depends on the working directory.
        case $folder in /*) ;; *) continue ;; esac
        version=$(postgres_version_in "$folder") || version=0
        if [ "${version:-0}" -gt "$newest" ]; then newest=$version best=$folder; fi
    done
    echo "$newest $best"
}

# The newest major version of the installed Postgres server programs, 0 if there are none.
newest_postgres() {
    local found
    found=$(find_postgres)
    echo "${found%% *}"
}

# The folder of the newest server programs.
postgres_binaries() {
    local found
    found=$(find_postgres)
    [ "${found%% *}" -ge "$oldest_postgres" ] || fail \
        "Postgres's server programs (postgres, initdb, pg_ctl and psql; $oldest_postgres or later) are not here."
    echo "${found#* }"
}

# The packages (by their Debian names) that are missing, one per line.
missing_packages() {
    if command -v pkg-config >/dev/null; then
        pkg-config --exists libpq || echo libpq-dev
    else
        echo pkg-config
        [ -e /usr/include/postgresql/libpq-fe.h ] || echo libpq-dev
    fi
    if [ "$(newest_postgres)" -lt "$oldest_postgres" ]; then echo postgresql; fi
}

# Runs a command as root: directly if we are root, otherwise through a sudo that needs no password.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

explain_what_to_install() {
    local postgres
    postgres=$(newest_postgres)
    {
        echo "These packages are missing, and this script may not install them: $*"
        if [ "$postgres" != 0 ] && [ "$postgres" -lt "$oldest_postgres" ]; then
            echo "(Postgres $postgres is here, but this needs $oldest_postgres or later.)"
        fi
        if command -v apt-get >/dev/null; then
            case " $* " in *" postgresql "*) refuse_old_packages ;; esac
            echo "Install them and run this again:"
            echo "    sudo apt-get install $*"
        elif command -v brew >/dev/null; then
            echo "Install them and run this again:"
            echo "    brew install postgresql@17 libpq pkgconf"
            # shellcheck disable=SC2016 # to be read, not expanded
            echo '    export PKG_CONFIG_PATH="$(brew --prefix libpq)/lib/pkgconfig"'
        else
            echo "It needs Postgres's server programs ($oldest_postgres or later), libpq with its headers, and pkg-config."
        fi
    } >&2
    exit 1
}

# Without this setting the package starts a system-wide cluster when it is installed; nothing here needs one.
forbid_system_cluster() {
    local settings=/etc/postgresql-common/createcluster.conf
    if [ -e "$settings" ] || dpkg -s postgresql-common >/dev/null 2>&1; then return; fi
    as_root mkdir -p "${settings%/*}"
    echo "create_main_cluster = false" | as_root tee "$settings" >/dev/null
}

# Fails if the Postgres that this system packages is too old.
refuse_old_packages() {
    local candidate
    # The output is parsed, so it must not be translated.
    candidate=$(LC_ALL=C apt-cache policy postgresql | sed -n 's/ *Candidate: \([0-9]*\).*/\1/p')
    # No candidate at all: the package lists are missing, and apt-get explains that better.
    if [ -z "$candidate" ] || [ "$candidate" -ge "$oldest_postgres" ]; then return; fi
    fail "This system's packages have Postgres $candidate, but this needs $oldest_postgres or later (Ubuntu 22.04 has 14)." \
        "Use Debian 12, Ubuntu 24.04 or later, or add the packages of postgresql.org:" \
        "    https://www.postgresql.org/download/linux/"
}

install_with_apt() {
    export DEBIAN_FRONTEND=noninteractive
    say "Installing $* (apt-get; a minute or two)"
    as_root apt-get update -q >&2 || say "apt-get update failed; going on with the package lists that are here"
    case " $* " in
    *" postgresql "*)
        refuse_old_packages
        forbid_system_cluster
        ;;
    esac
    # --force-confold: createcluster.conf exists before the package that owns it is installed.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Options::=--force-confold "$@" >&2 || fail "apt-get could not install: $*"
}

install_requirements() {
    require_swift
    local packages
    packages=$(missing_packages)
    [ -n "$packages" ] || return 0
    # shellcheck disable=SC2086 # names of packages: one word each
    if may_install; then install_with_apt $packages; else explain_what_to_install $packages; fi
    packages=$(missing_packages)
    [ -z "$packages" ] || fail "Still missing after the installation: $packages"
}

# Installs package $2 if program $1 is missing.
install_program() {
    command -v "$1" >/dev/null && return 0
    if may_install; then install_with_apt "$2"; else fail "$1 is missing: install the package $2 and run this again."; fi
}
