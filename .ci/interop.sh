#!/usr/bin/env bash
# Prints the Python that has the tools which read exported files (tests/interop/requirements.txt), installed once from PyPI.
# Needs python3 with pip 22.3 or newer.
set -euo pipefail
requirements=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/tests/interop/requirements.txt
digest=$(sha256sum "$requirements" | cut -c 1-12)
folder="${XDG_CACHE_HOME:-$HOME/.cache}/bottleneck-lab/interop-$digest"
if [ ! -f "$folder/.complete" ]; then
  rm -rf "$folder"
  python3 -m venv --without-pip "$folder" >&2
  python3 -m pip --python "$folder/bin/python3" install --quiet --disable-pip-version-check --no-deps --no-compile \
    --only-binary=:all: --requirement "$requirements" >&2
  touch "$folder/.complete"
fi
echo "$folder/bin/python3"
