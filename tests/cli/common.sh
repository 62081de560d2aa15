# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What the tests of the command line share. $work is a folder of the test's own.
: "${work:?}"

# expect CODE TEXT COMMAND...: the exit code, and a text in what it prints (empty: any).
expect() {
    local code=$1 text=$2 status=0
    shift 2
    "$@" >"$work/output.txt" 2>&1 </dev/null || status=$?
    if [ "$status" -ne "$code" ] || { [ -n "$text" ] && ! grep -qF -- "$text" "$work/output.txt"; }; then
        printf 'exit code %d instead of %d, or no "%s" from: %s\n' "$status" "$code" "$text" "$*"
        cat "$work/output.txt"
        exit 1
    fi
}

fail() {
    printf '%s\n' "$*"
    exit 1
}
