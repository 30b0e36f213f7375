#!/usr/bin/env bash
# A real libtensorflow for @tensorflow/tfjs-node-gpu on a machine that reaches PyPI and npm but not the storage that the package's
# own installer downloads from (elsewhere `npm run setup:tensorflow` is the way).
#   tfjs-node.sh PACKAGE_FOLDER [CACHE]     e.g. tfjs-node.sh node_modules/@tensorflow/tfjs-node-gpu
# Takes libtensorflow and its C headers out of the PyPI wheel tensorflow-cpu 2.21.0 and compiles the package's Node-API addon
# against them; both are kept in CACHE (0.9 GB). CPU kernels only.
# Needs: Linux on x64, python3 with pip, unzip, a C++ compiler, make, the headers of the running Node (beside its program).
set -euo pipefail
package=$(cd "$1" && pwd)
cache=${2:-$HOME/.cache/bottleneck-lab/libtensorflow-2.21.0}
binding=$cache/tfjs_binding.node
if [ ! -f "$cache/lib/libtensorflow.so" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.11 --platform manylinux_2_27_x86_64 \
    -d "$work" tensorflow-cpu==2.21.0 >&2
  (cd "$work" && unzip -q ./*.whl 'tensorflow/libtensorflow*' 'tensorflow/include/*')
  rm -rf "$cache"
  mkdir -p "$cache/lib"
  mv "$work/tensorflow/include" "$cache/include"
  mv "$work/tensorflow/libtensorflow_framework.so.2" "$work/tensorflow/libtensorflow_cc.so.2" "$cache/lib/"
  ln -s libtensorflow_framework.so.2 "$cache/lib/libtensorflow_framework.so"
  ln -s libtensorflow_cc.so.2 "$cache/lib/libtensorflow.so"
fi
rm -rf "$package/deps"
mkdir -p "$package/deps"
ln -s "$cache/lib" "$package/deps/lib"
ln -s "$cache/include" "$package/deps/include"
if [ ! -f "$binding" ]; then
  prefix=$(dirname "$(dirname "$(command -v node)")")
  (cd "$package" && npx --no node-pre-gyp install --build-from-source --nodedir="$prefix" >"$cache/build.log" 2>&1) \
    || { tail -n 40 "$cache/build.log" >&2; exit 1; }
  cp "$package"/lib/napi-v8/tfjs_binding.node "$binding"
fi
mkdir -p "$package/lib/napi-v8"
cp "$binding" "$package/lib/napi-v8/tfjs_binding.node"
