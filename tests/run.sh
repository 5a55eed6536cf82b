#!/usr/bin/env bash
# Everything `make test` does after the packages are installed: a browser, the dashboard's own tests, pytest.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tests/install_browser.sh
(cd dashboard && { [ -d node_modules ] || npm ci -s --no-audit --no-fund; } && npm run -s test)
# Two files at a time; what shares one server shares a file. The dashboard on a recording needs no deployment. Files go in
# this order, the long ones first and the many short ones of `unit` last, so that neither core waits for the other at the
# end: by the number of its tests, as is usual, a file with one test of minutes would be the last to begin.
# Then the deployment, alone: it uses both cores itself.
RECORDED=(tests/e2e/test_dashboard_screens.py tests/e2e/test_desk_tasks.py tests/e2e/test_desk_states.py tests/e2e/test_head_of_compliance.py)
LONG=$(find tests -mindepth 1 -maxdepth 1 -type d ! -name e2e ! -name unit ! -name __pycache__ | sort)
TASKS=tests/e2e/test_tasks_deployed.py
failed=0
if [ $# -gt 0 ]; then
  exec .venv/bin/python -m pytest -q "$@"
fi
.venv/bin/python -m pytest -q -n "${JOBS:-2}" --dist loadfile --no-loadscope-reorder $LONG "${RECORDED[@]}" tests/unit || failed=1
.venv/bin/python -m pytest -q tests/e2e "${RECORDED[@]/#/--ignore=}" "--ignore=$TASKS" || failed=1
# A deployment of its own: what people begin with there is what the others change.
.venv/bin/python -m pytest -q "$TASKS" || failed=1
exit $failed
