#!/bin/bash
# Once departments are declared, an owner that is none of them is found, at its place.
set -euo pipefail

source=${KITH_SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
kithd=${KITHD:-$source/build/dev/kithd}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    cat "$work/said"
    echo "FAILED: $*"
    exit 1
}
cp -r "$source/playbooks" "$source/policies" "$work/"
declared=$(cat "$work"/playbooks/*.yaml "$work"/playbooks/answers/*.yaml | sed -n 's/^owner: *\([a-z-]*\).*/\1/p' | sort -u)
config() {
    echo 'house: {name: Example Ltd}'
    echo 'departments:'
    for id in "$@"; do echo "  - id: $id"; done
}
# shellcheck disable=SC2086  # a word each
config $declared >"$work/kith.yaml"
"$kithd" --config "$work/kith.yaml" --check >"$work/said" 2>&1 || fail 'every owner is declared'

# shellcheck disable=SC2086
config ${declared/support/suport} >"$work/kith.yaml"
status=0
"$kithd" --config "$work/kith.yaml" --check >"$work/said" 2>&1 || status=$?
[ "$status" = 2 ] || fail "exit code $status and not 2"
grep -q "sign-in-trouble.yaml:[0-9]*:[0-9]*: there is no department 'support'; did you mean suport?" "$work/said" || fail 'no finding for a playbook'
grep -q "answers/reset-password.yaml:[0-9]*:[0-9]*: there is no department 'support'" "$work/said" || fail 'no finding for an answer'
echo 'owners: sound'
