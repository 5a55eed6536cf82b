#!/usr/bin/env bash
# Everything `make test` does after the packages are installed: a browser, the dashboard's own tests, pytest.
set -euo pipefail
cd "$(dirname "$0")/.."

install_browser() {
  command -v chromium >/dev/null 2>&1 && return 0
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation; } \
      >build/browser.log 2>&1 && return 0
  fi
  # Elsewhere Playwright's own browser; without either, the browser tests fail with one sentence.
  .venv/bin/python -m playwright install chromium >>build/browser.log 2>&1 || true
}

install_browser
(cd dashboard && { [ -d node_modules ] || npm ci -s --no-audit --no-fund; } && npm run -s test)
# Two files at a time; what shares one server shares a file. Then the deployment, alone: it uses both cores itself.
failed=0
if [ $# -gt 0 ]; then
  exec .venv/bin/python -m pytest -q "$@"
fi
.venv/bin/python -m pytest -q -n "${JOBS:-2}" --dist loadfile tests --ignore tests/e2e || failed=1
.venv/bin/python -m pytest -q tests/e2e || failed=1
exit $failed
