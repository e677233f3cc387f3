#!/bin/bash
# Installs the npm packages of the tests into the folder given as $1, and makes those of the browser and digest tests
# and of the helpers reachable from their files. Does nothing for what is there already.
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

for folder in browser digest support; do
    [ -f "$here/$folder/package.json" ] || continue
    packages "$here/$folder" "$target/$folder"
    # A link of ours, or nothing, may be replaced; a folder that somebody filled by hand is theirs.
    if [ -L "$here/$folder/node_modules" ] || [ ! -e "$here/$folder/node_modules" ]; then
        ln -sfn "$target/$folder/node_modules" "$here/$folder/node_modules"
    fi
done
"$here/real/network/install.sh" "$target/bluesky"
