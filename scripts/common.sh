# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# What scripts/run, scripts/test and scripts/check share. Sourced with the project's root as the
# current folder.

say() {
    printf '%s\n' "$*"
}

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Debian packages of what is missing, one per line. Arguments: what:package, where what is a program,
# a pkg-config module after "pc/", or a file.
missing_packages() {
    local pair what package
    for pair in "$@"; do
        what=${pair%%:*} package=${pair##*:}
        case $what in
        pc/*) pkg-config --exists "${what#pc/}" 2>/dev/null && continue ;;
        /*) [ -e "$what" ] && continue ;;
        *) command -v "$what" >/dev/null 2>&1 && continue ;;
        esac
        printf '%s\n' "$package"
    done | sort -u
}

# shellcheck disable=SC2034 # for those who source this
build_needs=(gcc:gcc g++:g++ /usr/include/stdio.h:libc6-dev cmake:cmake ninja:ninja-build
    pkg-config:pkg-config pc/yaml-0.1:libyaml-dev pc/zlib:zlib1g-dev pc/sqlite3:libsqlite3-dev sqlite3:sqlite3 pc/libmd:libmd-dev
    pc/libzstd:libzstd-dev pc/systemc:libsystemc-dev pc/check:check dtc:device-tree-compiler pc/libsubunit:libsubunit-dev)

# What `dmasim report` is built with, and what its pages are tested in: all else works without them.
# shellcheck disable=SC2034
report_needs=(node:nodejs npm:npm)
# shellcheck disable=SC2034
page_needs=(chromium:chromium)

# What traces are checked with that other programs read.
# shellcheck disable=SC2034
trace_needs=(babeltrace2:babeltrace2 zstd:zstd)

# Installs the packages of what is missing, if there is any. False if it cannot.
install_missing() {
    local packages root=()
    mapfile -t packages < <(missing_packages "$@")
    [ ${#packages[@]} -eq 0 ] && return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        say "missing: ${packages[*]} (Debian's names; there is no apt-get to install them with)" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "missing: please run as root: apt-get install ${packages[*]}" >&2
            return 1
        fi
        root=(sudo)
    fi
    say "installing ${packages[*]}"
    mkdir -p build
    local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q
        -o DPkg::Lock::Timeout=120)
    if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${packages[@]}"; } \
        >build/install.log 2>&1 </dev/null; then
        tail -n 20 build/install.log >&2
        return 1
    fi
}

# The same of what a build can do without.
install_optional() {
    install_missing "$@" 2>/dev/null || say "cannot install all of ${*##*:}: what needs it is left out"
}

# Runs a command with its output in a log file; shows the end of it if the command fails.
quietly() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    if "$@" >"$log" 2>&1 </dev/null; then
        return 0
    fi
    grep -nE 'error|warning|FAILED' "$log" | head -n 20 >&2
    tail -n 30 "$log" >&2
    say "(all of it: $log)" >&2
    return 1
}

# Configures and builds a preset. Further arguments are the targets, all if there are none.
build_preset() {
    local preset=$1 targets=()
    shift
    [ $# -gt 0 ] && targets=(--target "$@")
    if command -v ccache >/dev/null 2>&1; then
        export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
    fi
    say "building build/$preset"
    quietly "build/$preset/configure.log" cmake --preset "$preset" || return 1
    quietly "build/$preset/build.log" cmake --build --preset "$preset" "${targets[@]}"
}

# Sets passed, failed and skipped from the JUnit file that CTest wrote.
# shellcheck disable=SC2034
read_junit() {
    local suite value
    passed=0 failed=1 skipped=0
    [ -s "$1" ] || return 0
    suite=$(tr '\n\t' '  ' <"$1" | grep -o '<testsuite [^>]*>' | head -n 1)
    for value in tests failures disabled skipped; do
        local "$value=$(printf '%s' "$suite" | sed -n "s/.* $value=\"\([0-9]*\)\".*/\1/p")"
    done
    failed=${failures:-1}
    skipped=$((${skipped:-0} + ${disabled:-0}))
    passed=$((${tests:-0} - failed - skipped))
}
