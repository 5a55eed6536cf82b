#!/usr/bin/env bash
# Everything `make test` does after the packages are installed: a browser, the dashboard's own tests, pytest.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -gt 0 ]; then
  bash tests/install_browser.sh
  exec .venv/bin/python -m pytest -q "$@"
fi
# In a new clone every process that reads the tests compiles them and all that they import, which takes longer than to
# collect them: here it is done once, while packages come over the network. What is wrong is said by the tests themselves.
.venv/bin/python -m pytest -q -p no:cacheprovider --collect-only tests >/dev/null 2>&1 &
compiling=$!
bash tests/install_browser.sh
# What both parts below run from is made before them: neither may take it away from the other.
.venv/bin/python -c "from demo.__main__ import prepare; from demo.site import build_site; prepare(); build_site()"
wait "$compiling" || true

# Two parts at a time. Beside: the deployments and the dashboard's own tests, one after the other. They wait for servers
# more than they compute, so that alone they would leave a core idle.
RECORDED=(tests/e2e/test_dashboard_screens.py tests/e2e/test_desk_tasks.py tests/e2e/test_desk_states.py tests/e2e/test_head_of_compliance.py)
TASKS=tests/e2e/test_tasks_deployed.py
beside() {
  local failed=0
  trap 'exit 130' INT  # once what runs has ended what it started
  .venv/bin/python -m pytest -q -p no:cacheprovider tests/e2e "${RECORDED[@]/#/--ignore=}" "--ignore=$TASKS" || failed=1
  # A deployment of its own: what people begin with there is what the others change.
  .venv/bin/python -m pytest -q -p no:cacheprovider "$TASKS" || failed=1
  (cd dashboard && npm run -s test) || failed=1
  return $failed
}
set -m  # a group of its own, to which an interruption is passed on: servers that were started are ended by who did
beside >build/beside.log 2>&1 &
running=$!
set +m
trap 'kill -INT -- "-$running" 2>/dev/null || true' INT TERM

# The other: two files at a time; what shares one server shares a file. The dashboard on a recording needs no deployment.
# Files go in this order, the long ones first and the many short ones of `unit` last, so that neither core waits for the
# other at the end: by the number of its tests, as is usual, a file with one test of minutes would be the last to begin.
LONG=$(find tests -mindepth 1 -maxdepth 1 -type d ! -name e2e ! -name unit ! -name __pycache__ | sort)
failed=0
.venv/bin/python -m pytest -q -n "${JOBS:-2}" --dist loadfile --no-loadscope-reorder $LONG "${RECORDED[@]}" tests/unit || failed=1
echo "The deployments and the dashboard's own tests, which run beside (build/beside.log):"
wait "$running" || failed=1
cat build/beside.log
exit $failed
