#!/bin/bash
# Installs the npm packages of the tests into the folder given as $1, and makes those of the browser tests reachable
# from their files. Does nothing for what is there already.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
target=$(cd "$1" && pwd)
export npm_config_cache=$target/cache npm_config_update_notifier=false

# packages FROM TO: what FROM's lock file names, in TO.
packages() {
    local from=$1 to=$2 want
    want=$(cat "$from/package.json" "$from/package-lock.json" | sha256sum)
    [ "$(cat "$to/.installed" 2>/dev/null)" != "$want" ] || return 0
    rm -rf "$to"
    mkdir -p "$to"
    cp "$from/package.json" "$from/package-lock.json" "$to/"
    cd "$to"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
        { echo 'that failed, trying once more' && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; }
    echo "$want" >"$to/.installed"
}

if [ -f "$here/browser/package.json" ]; then
    packages "$here/browser" "$target/browser"
    # A link of ours, or nothing, may be replaced; a folder that somebody filled by hand is theirs.
    if [ -L "$here/browser/node_modules" ] || [ ! -e "$here/browser/node_modules" ]; then
        ln -sfn "$target/browser/node_modules" "$here/browser/node_modules"
    fi
fi
"$here/real/network/install.sh" "$target/bluesky"
