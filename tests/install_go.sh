#!/usr/bin/env bash
# Go with its package x/mod, for the tests that hold our proofs against the code behind Go's checksum database.
set -euo pipefail
[ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ] && { command -v go || ls /usr/lib/go-*/bin/go; } >/dev/null 2>&1 && exit 0
cd "$(dirname "$0")/.."
mkdir -p build
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends golang-go golang-golang-x-mod-dev; } \
    >build/go.log 2>&1 && exit 0
fi
echo "Go is not there and cannot be installed: its verifier is left out of the proof" >&2
