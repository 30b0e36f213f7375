#!/usr/bin/env bash
# Prints the path of veraPDF, which judges whether a PDF keeps to a standard; fetched once from Maven Central, its digest checked.
set -euo pipefail
version=1.28.2
digest=687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6
cache="${XDG_CACHE_HOME:-$HOME/.cache}/bottleneck-lab"
jar="$cache/verapdf-$version.jar"
if ! echo "$digest  $jar" | sha256sum --check --status 2>/dev/null; then
  mkdir -p "$cache"
  source=https://repo1.maven.org/maven2/org/verapdf/apps/greenfield-apps/$version/greenfield-apps-$version.jar
  curl --silent --show-error --fail --location --retry 3 --max-time 300 --output "$jar.new" "$source"
  echo "$digest  $jar.new" | sha256sum --check --quiet
  mv "$jar.new" "$jar"
fi
echo "$jar"
