#!/usr/bin/env bash
# A browser for the end-to-end tests and the screenshots: Debian's chromium, elsewhere Playwright's own.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v chromium >/dev/null 2>&1 && exit 0
mkdir -p build
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation; } \
    >build/browser.log 2>&1 && exit 0
fi
# Without either, the browser tests fail with one sentence.
.venv/bin/python -m playwright install chromium >>build/browser.log 2>&1 || true
