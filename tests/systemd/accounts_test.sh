#!/bin/bash
# sysusers.d and tmpfiles.d make the user and the folders that the unit and the handbook speak of, with the owners
# and modes that keep the secrets. Tried in a root of their own; only root can give files away.
set -euo pipefail

if [ "$(id -u)" != 0 ]; then
    echo 'only root can try this'
    exit 77
fi
source=${KITH_SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
systemd=$source/systemd
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"

fail() {
    echo "FAILED: $*"
    exit 1
}
sysusers() { systemd-sysusers --root="$root" "$1" >"$root/said" 2>&1; }
tmpfiles() { systemd-tmpfiles --root="$root" --create "$1" >"$root/said" 2>&1; }
must_be() {
    local is
    is=$(stat -c '%a %u %g' "$root$1")
    [ "$is" = "$2" ] || fail "$1 has '$is' and not '$2' (mode, owner, group)"
}

mkdir -p "$root/etc/kith"
touch "$root/etc/kith/kith.yaml"
# Before its user is there, the group cannot be given anything: this must not pass unnoticed.
! tmpfiles "$systemd/tmpfiles.d/kith.conf" || fail 'tmpfiles.d passed without a user kith'

sysusers "$systemd/sysusers.d/kith.conf" || { cat "$root/said" && fail 'systemd-sysusers'; }
entry=$(grep '^kith:' "$root/etc/passwd") || fail 'there is no user kith'
case $entry in
*:/var/lib/kith:/usr/sbin/nologin) ;;
*) fail "the user kith has another home or a shell: $entry" ;;
esac
group=$(sed -n 's/^kith:x:\([0-9]*\):.*/\1/p' "$root/etc/group")
[ -n "$group" ] || fail 'there is no group kith'

tmpfiles "$systemd/tmpfiles.d/kith.conf" || { cat "$root/said" && fail 'systemd-tmpfiles'; }
must_be /etc/kith "750 0 $group"
must_be /etc/kith/kith.yaml "640 0 $group"
must_be /etc/kith/secrets '700 0 0'

echo 'u kith -- "Kith" nonsense' >"$root/broken.conf"
! sysusers "$root/broken.conf" || fail 'systemd-sysusers let a broken line pass'
echo 'd /etc/other 0799 root kith -' >"$root/broken.conf"
! tmpfiles "$root/broken.conf" || fail 'systemd-tmpfiles let a broken line pass'
echo 'sysusers.d and tmpfiles.d: sound'
