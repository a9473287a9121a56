# shellcheck shell=bash
# Python for the tests. Sourced by the scripts in bin/; needs bin/lib/install.sh.

# Makes a virtual environment in folder $1 with the packages of requirements file $2, unless it is there already.
make_virtual_environment() {
    local stamp=$1/requirements.txt
    if cmp -s "$2" "$stamp" && "$1/bin/python" -c '' 2>/dev/null; then return 0; fi
    # Debian and Ubuntu package venv without what it needs to make one.
    python3 -c 'import venv, ensurepip' 2>/dev/null || install_python_venv
    say "Installing $(grep -c == "$2") Python packages in $1 (the first time only)"
    rm -rf -- "$1"
    python3 -m venv "$1" || fail "python3 -m venv fails."
    "$1/bin/python" -m pip install -q --disable-pip-version-check -r "$2" || fail \
        "The Python packages of $2 could not be installed: they come from PyPI, which cannot be reached, or lacks one." \
        "bin/test --filter . runs the tests that do without them."
    cp -- "$2" "$stamp"
}

install_python_venv() {
    if may_install; then
        install_with_apt python3-venv
    else
        fail "Python's venv is missing: install the package python3-venv and run this again."
    fi
}
