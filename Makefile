# Syndic. `make help` lists what there is to do; every target installs what it needs.

SHELL := /bin/bash
TOOLS := build/tools
UV := $(TOOLS)/bin/uv
UV_VERSION := 0.13.9
PYTHON := .venv/bin/python
STATE ?= .demo
DEMO = $(PYTHON) -m demo --state "$(STATE)" $(if $(ONCE),--once) $(if $(PORT),--port $(PORT)) \
  $(if $(CLOUD_PORT),--cloud-port $(CLOUD_PORT)) $(if $(SAGEMAKER_PORT),--sagemaker-port $(SAGEMAKER_PORT)) \
  $(if $(AZURE_PORT),--azure-port $(AZURE_PORT))

# The runtime is Python 3.13. Where a 3.13 is found it is used, else any from 3.11 on; USE_PYTHON=python3.11 goes before.
FIND_PYTHON := for candidate in $(USE_PYTHON) python3.13 $$(ls -d $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.13.*/bin/python3 2>/dev/null) \
  python3.14 python3.12 python3.11 python3; do \
  $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$candidate && break; done

# Hundreds of short processes start in a run of the tests, and the CDK's library alone takes four seconds to compile: what
# one of them compiled is kept for the next, also in a shell that says otherwise.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: bench-starts bench-unchanged bench-clients help setup demo test check openapi client faults unchanged proof fuzz bench screenshots release bench-drift bench-gateway bench-alertmanager bench-alarms bench-calm bench-bias bench-looks bench-slices bench-expected bench-parsing bench-changes bench-registry bench-audit bench-month layers deploy azure-package azure-template deploy-azure clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: .venv/.ready ## Install everything, pinned

$(UV):
	@python="$$($(FIND_PYTHON))"; [ -n "$$python" ] || { echo "Python 3.11 or newer is missing: install it first." >&2; exit 1; }; \
	"$$python" -m venv $(TOOLS) && $(TOOLS)/bin/python -m pip install -q --disable-pip-version-check "uv==$(UV_VERSION)" 2>build/pip.log \
	|| { echo "uv could not be installed: is there a network? $$(tail -1 build/pip.log 2>/dev/null)" >&2; exit 1; }

.venv/.ready: pyproject.toml uv.lock | build $(UV)
	@$(UV) sync -q --frozen --all-extras --python "$$($(FIND_PYTHON))" 2>build/sync.log \
	|| { echo "The locked packages could not be installed: is there a network? $$(tail -1 build/sync.log)" >&2; exit 1; }
	@touch $@

build:
	@mkdir -p build

demo: setup ## The whole platform on this machine (ONCE=1 ends by itself, STATE=DIR, PORT=N)
	@$(DEMO)

test: setup ## Every test, the deployment and the browser included
	@bash tests/run.sh

check: setup ## Formatting, lint, types, arrows
	@$(PYTHON) -m ruff format -q --check . && $(PYTHON) -m ruff check -q .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports
	@cd dashboard && { [ -d node_modules ] || npm ci -s --no-audit --no-fund; } && npm run -s check

openapi: setup ## docs/openapi.json, the client and the dashboard's types, from the routes
	@$(PYTHON) -m functions.api.openapi docs/openapi.json
	@$(PYTHON) -m client.generate
	@cd dashboard && { [ -d node_modules ] || npm ci -s --no-audit --no-fund; } && npm run -s types

client: setup ## What of the client is made: its schemas, and the blocking twin
	@$(PYTHON) -m client.generate

faults: setup ## Every fault of every route and function
	@SYNDIC_FAULTS_STRIDE=1 $(PYTHON) -m pytest -q --timeout 0 tests/faults

unchanged: setup ## Whether the description, the golden files and the CLI's JSON are equal to another commit's: AGAINST=main
	@$(PYTHON) -m tests.unchanged --against "$(or $(AGAINST),main)"

proof: faults bench-alarms bench-calm bench-looks bench-slices ## The long simulations behind the tables in docs/, and every case of each generated test (hours)
	@bash tests/install_go.sh
	@SYNDIC_PROOF=1 $(PYTHON) -m pytest -q --timeout 0 $$(grep -rlE --include='test_*.py' "tests.proof|SYNDIC_PROOF" tests)
	@$(PYTHON) benchmarks/bias_simulation.py

fuzz: setup ## The API's fuzzer and the property tests, many times longer (FUZZ=20 times)
	@SYNDIC_FUZZ=$(or $(FUZZ),20) $(PYTHON) -m pytest -q -p tests.fuzzing --timeout 0 tests/edges/api/test_api_fuzzed.py tests/unit

bench: bench-changes bench-drift bench-bias bench-parsing bench-counting bench-registry bench-audit bench-cost ## Every benchmark: ratios and medians, never a limit
	@$(PYTHON) benchmarks/compliance.py
	@PYTHONPATH=shared:. $(PYTHON) benchmarks/portfolio.py

screenshots: setup ## Every page of the dashboard in both themes and three widths, in build/screenshots
	@bash tests/install_browser.sh && $(PYTHON) -m tests.e2e.screenshots --out build/screenshots

release: setup ## The files of a release in build/release: TAG=v0.2.0
	@$(PYTHON) -m layers.release --tag "$(TAG)" --uv $(UV)

layers: setup ## The Lambda layers for AWS
	@$(PYTHON) layers/build.py --target release --uv $(UV)

# Twice: what a failed creation made must be deletable, so it is protected only once it is there.
deploy: layers ## To your AWS account: OPTIONS="-c capture_buckets=... -c mail_from=..."; STACK=NAME for a second one
	@[ -d node_modules/aws-cdk ] || npm ci -s --no-audit --no-fund
	@$(PYTHON) -m cdk.exists $(STACK) || node node_modules/aws-cdk/bin/cdk deploy $(if $(STACK),-c stack=$(STACK)) $(OPTIONS)
	@node node_modules/aws-cdk/bin/cdk deploy --outputs-file build/outputs.json -c protect=yes $(if $(STACK),-c stack=$(STACK)) $(OPTIONS)
	@$(PYTHON) -m demo.site --outputs build/outputs.json

azure-package: setup ## The code of the Azure function app, as a zip
	@$(PYTHON) -m layers.azure --uv $(UV)

azure-template: setup ## The Azure templates, for az: CHOICES=azure.json
	@PYTHONPATH=shared:. $(PYTHON) -m cdk.azure --choices "$(or $(CHOICES),azure.json)" --out build/azure/syndic.json

deploy-azure: setup azure-package ## To AWS and Azure: OPTIONS="-c azure=azure.json ..."
	@$(PYTHON) layers/build.py --target release --uv $(UV) --azure
	@$(MAKE) -s deploy OPTIONS='$(OPTIONS)'

bench-drift: setup ## Drift beside sorting, scipy, Evidently and NannyML
	@$(PYTHON) benchmarks/drift.py

bench-alarms: setup ## False alarms and detection by simulation
	@$(PYTHON) benchmarks/alarms.py
	@$(PYTHON) benchmarks/quality_alarms.py

bench-calm: setup ## Alarms where the world varies and nothing changed, and steps found, by simulation
	@OPENBLAS_NUM_THREADS=1 $(PYTHON) benchmarks/calm.py

bench-slices: setup ## Planted slices found, and none where nothing changed, by simulation
	@OPENBLAS_NUM_THREADS=1 $(PYTHON) benchmarks/slices.py

bench-looks: setup ## Fairness looked at again and again, by simulation
	@$(PYTHON) benchmarks/looks.py

bench-expected: setup ## Performance without labels beside the labels that came: PEERS=python with NannyML
	@$(PYTHON) benchmarks/expected.py --peers "$(or $(PEERS),$(PYTHON))"

bench-gateway: setup ## What the gateway costs beside the model
	@PYTHONPATH=shared:. $(PYTHON) benchmarks/gateway.py

bench-bias: setup ## Fairness beside counting, pandas, Aequitas and Fairlearn
	@$(PYTHON) benchmarks/bias.py

bench-alertmanager: setup ## Grouping, silences and inhibition beside Debian's Alertmanager: ALERTMANAGER=binary
	@PYTHONPATH=shared:. $(PYTHON) benchmarks/alertmanager.py --alertmanager "$(or $(ALERTMANAGER),/usr/bin/prometheus-alertmanager)"

bench-parsing: setup ## Capture parsing beside the standard library
	@$(PYTHON) benchmarks/parsing.py

bench-changes: setup ## What a change costs in outside calls, beside the first release
	@$(PYTHON) benchmarks/changes.py

bench-registry: setup ## 10,000 models through the API's function
	@$(PYTHON) benchmarks/registry.py

bench-clients: setup ## Eight clients for half a minute at 10,000 models: latency and errors of reads and writes
	@$(PYTHON) benchmarks/clients.py

bench-starts: setup ## What a function, the client and the command import before they do anything, in CPU time
	@$(PYTHON) benchmarks/starts.py

bench-unchanged: setup ## What counting, and a copy of a person's data, ask of the store when few of many models changed
	@$(PYTHON) benchmarks/unchanged.py

bench-month: setup ## 10,000 models hourly: every step of discovery at a cloud's latencies, and the queues of a month
	@$(PYTHON) benchmarks/month.py

bench-cost: layers ## What a model costs, by calls, units and a dated table of prices: WRITE=1 writes docs/cost.md
	@[ -d node_modules/aws-cdk ] || npm ci -s --no-audit --no-fund
	@node node_modules/aws-cdk/bin/cdk synth -q --no-notices --output build/cost --app "$(PYTHON) -m cdk.app" >/dev/null
	@$(PYTHON) benchmarks/cost.py $(if $(WRITE),--write)

bench-growth: setup ## Bytes that a model leaves in the table, and what retention leaves of them
	@$(PYTHON) benchmarks/growth.py

bench-counting: setup ## A window from its bytes to three verdicts, beside decoding and one sort
	@$(PYTHON) benchmarks/counting.py

bench-audit: setup ## The audit trail: from commit to its place under load, and what verifying costs
	@$(PYTHON) benchmarks/audit.py

clean: ## Remove everything built or kept here
	@rm -rf build .venv .demo node_modules dashboard/node_modules dashboard/dist
