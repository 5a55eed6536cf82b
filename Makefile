# Syndic. `make help` lists what there is to do; every target installs what it needs.

SHELL := /bin/bash
TOOLS := build/tools
UV := $(TOOLS)/bin/uv
PYTHON := .venv/bin/python
STATE ?= .demo
DEMO = $(PYTHON) -m demo --state "$(STATE)" $(if $(ONCE),--once) $(if $(PORT),--port $(PORT)) \
  $(if $(CLOUD_PORT),--cloud-port $(CLOUD_PORT)) $(if $(SAGEMAKER_PORT),--sagemaker-port $(SAGEMAKER_PORT)) \
  $(if $(AZURE_PORT),--azure-port $(AZURE_PORT))

# The runtime is Python 3.13. Where a 3.13 is found it is used, else any from 3.11 on.
FIND_PYTHON := for candidate in python3.13 $$(ls -d $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.13.*/bin/python3 2>/dev/null) \
  python3.14 python3.12 python3.11 python3; do \
  $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$candidate && break; done

.PHONY: help setup demo test check bench-drift bench-alarms bench-bias bench-parsing bench-registry layers deploy azure-package azure-template deploy-azure clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: .venv/.ready ## Install everything, pinned

$(UV):
	@python="$$($(FIND_PYTHON))"; [ -n "$$python" ] || { echo "Python 3.11 or newer is missing: install it first." >&2; exit 1; }; \
	"$$python" -m venv $(TOOLS) && $(TOOLS)/bin/python -m pip install -q --disable-pip-version-check "uv>=0.9" 2>build/pip.log \
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

layers: setup ## The Lambda layers for AWS
	@$(PYTHON) layers/build.py --target release --uv $(UV)

# Twice: what a failed creation made must be deletable, so it is protected only once it is there.
deploy: layers ## To your AWS account: OPTIONS="-c capture_buckets=... -c mail_from=..."
	@[ -d node_modules/aws-cdk ] || npm ci -s --no-audit --no-fund
	@$(PYTHON) -m cdk.exists || node node_modules/aws-cdk/bin/cdk deploy $(OPTIONS)
	@node node_modules/aws-cdk/bin/cdk deploy --outputs-file build/outputs.json -c protect=yes $(OPTIONS)
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

bench-bias: setup ## Fairness beside counting, pandas, Aequitas and Fairlearn
	@$(PYTHON) benchmarks/bias.py

bench-parsing: setup ## Capture parsing beside the standard library
	@$(PYTHON) benchmarks/parsing.py

bench-registry: setup ## 10,000 models through the API's function
	@$(PYTHON) benchmarks/registry.py

clean: ## Remove everything built or kept here
	@rm -rf build .venv .demo node_modules dashboard/node_modules dashboard/dist
