#!/usr/bin/env bash
# Set up what `make demo` and `make test` need, on Debian or Ubuntu, and nothing twice:
#   1. system libraries (WeasyPrint's text layout; for the tests also a browser, SoftHSM and Java)
#   2. a virtual environment in .venv
#   3. the locked dependencies, checked by hash
# Usage: deploy/setup.sh run|test
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:?usage: deploy/setup.sh run|test}

say() { printf '%s\n' "$*" >&2; }

install_packages() {
    [ $# -gt 0 ] || return 0
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        if sudo -n true 2>/dev/null; then
            root=(sudo -n)
        else
            say "These system packages are missing and installing them needs root:"
            say "    sudo apt-get install -y $*"
            say "Run that line once, then this command again."
            exit 1
        fi
    fi
    say "Installing system packages: $*"
    "${root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
}

has_library() { [ -e "/usr/lib/$(uname -m)-linux-gnu/$1" ] || ldconfig -p 2>/dev/null | grep -q "$1"; }

# Spark needs Java 17, which is not the usual one on Ubuntu 22.04.
java_package() {
    if grep -q '^VERSION_ID="22' /etc/os-release; then printf openjdk-17-jre-headless; else printf default-jre-headless; fi
}

find_browser() {
    for name in chromium chromium-browser google-chrome; do
        # Ubuntu's packages of these names only fetch a snap; a stub is not a browser.
        if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

wanted=()
[ -n "$(find_python)" ] || wanted+=(python3)
if [ ! -x .venv/bin/python ] && ! { [ -n "$(find_python)" ] && "$(find_python)" -c 'import ensurepip' 2>/dev/null; }; then
    wanted+=(python3-venv)
fi
has_library libpango-1.0.so.0 || wanted+=(libpango-1.0-0)
has_library libpangoft2-1.0.so.0 || wanted+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so.0 || wanted+=(libharfbuzz-subset0)
if [ "$purpose" = test ]; then
    if ! find_browser && grep -qi '^ID=debian' /etc/os-release; then wanted+=(chromium); fi
    # A key in a token of software stands in for one in hardware.
    ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so >/dev/null 2>&1 || wanted+=(softhsm2)
    command -v java >/dev/null || wanted+=("$(java_package)")
    has_library libatomic.so.1 || wanted+=(libatomic1)
    ls /usr/share/fonts/truetype/dejavu >/dev/null 2>&1 || wanted+=(fonts-dejavu-core)
fi
install_packages "${wanted[@]}"

python=$(find_python)
[ -n "$python" ] || { say "Python 3.11 or newer is needed."; exit 1; }
[ -x .venv/bin/python ] || "$python" -m venv .venv

stamp=$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat .venv/installed 2>/dev/null || true)" != "$stamp" ]; then
    say "Installing the locked dependencies into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
    # On all processors, where pip uses one. As pip does, it passes over files for another Python.
    .venv/bin/python -m compileall -qq -j 0 .venv/lib || say "Some files were left to be compiled when they are used."
    printf '%s' "$stamp" >.venv/installed
fi
if [ "$purpose" = test ] && ! find_browser; then
    .venv/bin/python -m playwright install --with-deps chromium >/dev/null
fi
