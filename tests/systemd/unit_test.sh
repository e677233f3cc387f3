#!/bin/bash
# The unit is one that systemd accepts without a word, in a root in which all that it names exists, and what it
# exposes is at most 1.1 of 10. Each check is shown to fail on a unit that is broken on purpose.
set -euo pipefail

source=${KITH_SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
systemd=$source/systemd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
most_exposure=11 # in tenths

# A root with the unit in it, the example of credentials among its drop-ins, and stand-ins for the programs.
make_root() {
    local root=$1 program
    mkdir -p "$root"/{usr/sbin,bin,usr/lib/systemd/system,etc/systemd/system/kithd.service.d,usr/share/doc/kith}
    for program in usr/sbin/kithd bin/kill; do
        printf '#!/bin/sh\n' >"$root/$program"
        chmod +x "$root/$program"
    done
    cp "$source/README.md" "$root/usr/share/doc/kith/"
    cp /usr/lib/systemd/system/*.target "$root/usr/lib/systemd/system/"
    cp "$systemd/kithd.service" "$root/etc/systemd/system/"
    cp "$systemd/kithd.service.d/credentials.conf.example" "$root/etc/systemd/system/kithd.service.d/credentials.conf"
}

# Silence counts too: systemd-analyze only warns of some mistakes.
verify() {
    local said
    said=$(systemd-analyze verify --man=no --generators=no --root="$1" kithd.service 2>&1) && [ -z "$said" ] && return
    echo "$said"
    return 1
}

exposure() { systemd-analyze security --offline=true --threshold=$most_exposure --no-pager "$1"; }

fail() {
    echo "FAILED: $*"
    exit 1
}

make_root "$work/good"
verify "$work/good" || fail 'systemd-analyze verify'
exposure "$systemd/kithd.service" >"$work/report" || { cat "$work/report" && fail 'the exposure is over 1.1'; }
tail -n 1 "$work/report"

# broken NAME SED-SCRIPT [FILE]: verify must complain of it.
broken() {
    local root=$work/$1 file=${3:-kithd.service}
    make_root "$root"
    sed -i "$2" "$root/etc/systemd/system/$file"
    ! cmp -s "$root/etc/systemd/system/$file" "$work/good/etc/systemd/system/$file" || fail "$1: nothing was broken"
    ! verify "$root" >/dev/null || fail "verify let pass: $1"
}
broken 'an unknown key' 's/^WatchdogSec=/WatchdogSecs=/'
broken 'no such type' 's/^Type=notify/Type=notifying/'
broken 'no such system call group' 's/@privileged/@privilege/'
broken 'a command that does not exist' 's|^ExecStart=/usr/sbin/kithd|ExecStart=/usr/sbin/kithdd|'
broken 'a credential with a path for a name' 's/^LoadCredential=[^:]*/LoadCredential=a\/b/' kithd.service.d/credentials.conf

for setting in CapabilityBoundingSet= PrivateUsers=yes ProtectKernelTunables=yes RestrictNamespaces=yes 'SystemCallFilter=~'; do
    grep -v "^$setting" "$systemd/kithd.service" >"$work/weak.service"
    ! cmp -s "$work/weak.service" "$systemd/kithd.service" || fail "there is no $setting to remove"
    ! exposure "$work/weak.service" >/dev/null || fail "the exposure stayed within 1.1 without $setting"
done

# What systemd-analyze weighs too lightly to miss, or not at all.
for line in Type=notify NotifyAccess=main WatchdogSec=30 Restart=on-failure StartLimitBurst=5 LimitCORE=0 UMask=0077 \
    MemoryDenyWriteExecute=yes ProcSubset=pid LockPersonality=yes NoExecPaths=/ StateDirectoryMode=0700; do
    grep -qx "$line" "$systemd/kithd.service" || fail "the unit has lost $line"
done
# Five starts, each ended by its time limit, must fit into the interval, or the unit would start for ever.
number() { sed -n "s/^$1=\([0-9]*\)$/\1/p" "$systemd/kithd.service"; }
longest=$(($(number StartLimitBurst) * ($(number TimeoutStartSec) + 2 * $(number TimeoutStopSec) + $(number RestartSec))))
[ "$longest" -gt 0 ] || fail 'the limits are not to be found'
[ "$longest" -le "$(number StartLimitIntervalSec)" ] || fail "starting may go on for ever: $longest s"
echo 'kithd.service: sound'
