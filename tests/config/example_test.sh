#!/bin/bash
# kith.example.yaml is what kithd takes: as it stands, and with every option in it in use. A key that kithd does not
# know, or a secret in the open, is refused at its place, so an example that has aged fails here.
set -euo pipefail

source=${KITH_SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
kithd=${KITHD:-$source/build/dev/kithd}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*"
    exit 1
}
check() { "$kithd" --config "$work/$1" --check >"$work/said" 2>&1; }
# refused FILE PLACE WORD: kithd says what is wrong with it, and where.
refused() {
    local status=0
    check "$1" || status=$?
    [ "$status" = 2 ] || fail "$1: exit code $status and not 2"
    grep -q "$1:$2: .*$3" "$work/said" || { cat "$work/said" && fail "$1: nothing about '$3' at $2"; }
}

cp -r "$source/playbooks" "$source/policies" "$work/"
cp "$source/kith.example.yaml" "$work/plain.yaml"
check plain.yaml || { cat "$work/said" && fail 'the example as it stands'; }

# "#key: value" and "#- item" are options; prose has a space after its #.
sed -E 's/^( *)#([a-z_]+:|- )/\1\2/' "$work/plain.yaml" >"$work/whole.yaml"
[ "$(diff "$work/plain.yaml" "$work/whole.yaml" | grep -c '^>')" -ge 10 ] || fail 'the options that are commented out were not found'
mkdir -m 700 "$work/credentials"
for name in bluesky-password digest-webhook mail-password notify-webhook oidc-secret; do echo 'not-a-secret' >"$work/credentials/$name"; done
export CREDENTIALS_DIRECTORY=$work/credentials
check whole.yaml || { cat "$work/said" && fail 'the example with every option in use'; }

line() { grep -n "$1" "$work/$2" | head -n 1 | cut -d : -f 1; }
sed 's/^  port:/  prot:/' "$work/whole.yaml" >"$work/unknown.yaml"
refused unknown.yaml "$(line 'prot:' unknown.yaml):[0-9]*" prot
sed 's/credential:bluesky-password/hunter2hunter2/' "$work/whole.yaml" >"$work/open.yaml"
refused open.yaml "$(line hunter2hunter2 open.yaml):[0-9]*" password
! grep -q hunter2hunter2 "$work/said" || fail 'the secret stands in the complaint'
echo 'kith.example.yaml: sound'
