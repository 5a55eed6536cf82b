#!/usr/bin/env bash
# A clock that a test can move, for the year on the deployed stack: libfaketime, locked, built here by a C compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d build/clock ] && exit 0
{ build/tools/bin/uv export -q --frozen --no-emit-project --only-group clock -o build/clock.txt &&
  build/tools/bin/uv pip install -q --python .venv/bin/python --target build/clock.partly --require-hashes -r build/clock.txt &&
  mv build/clock.partly build/clock; } >build/clock.log 2>&1 && exit 0
echo "The moved clock cannot be built, the year on the deployed stack is left out: see build/clock.log" >&2
