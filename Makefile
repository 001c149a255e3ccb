# `make demo` and `make test` do everything on a machine that has Python 3.11 (or 3.12), make and git.
# What is done already is skipped: the stamps are .venv/.uv, .venv/.synced, var/.system-packages and
# frontend/node_modules/.installed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types tests chaos fuzz format bench bench-report bench-pages bench-dbos screenshots docs catalogues migration clean

BIN := .venv/bin
PYTHON ?= $(shell for candidate in python3.11 python3.12 python3 python; do \
	"$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null \
	&& echo "$$candidate" && break; done)
UV_VERSION = $(shell sed -n '/^name = "uv"$$/{n;s/^version = "\(.*\)"$$/\1/p;}' uv.lock)

COVERED := pathways,models,tasks,flows,secunda

export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Every process that the system and its tests start would compile all of Secunda anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## Show what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.synced frontend/node_modules/.installed ## Virtual environment, locked dependencies, system libraries
	@:

demo: setup ## Take real cases from request to signed report, on a fast clock
	@$(BIN)/secunda demo

test: setup lint types tests ## Lint, types and all tests, with coverage

lint: setup ## Ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup lint
	@$(BIN)/mypy --strict

tests: setup types
	@mkdir -p var && rm -f var/coverage.txt
	@$(BIN)/python -m slipcover --immediate --source $(COVERED) --skip-covered --missing-width 40 --out var/coverage.txt \
		-m pytest -n auto --dist loadgroup; passed=$$?; \
	cat var/coverage.txt; exit $$passed

chaos: setup ## Kill every part at random, then a worker everywhere, while cases go on (SEED=… repeats a run)
	@$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED))

fuzz: setup ## Ask the API for whatever its OpenAPI file allows, for five minutes (SECONDS=… for longer)
	@SECUNDA_FUZZ_SECONDS=$(or $(SECONDS),300) $(BIN)/python -m pytest -q tests/functional/door/test_schemathesis.py

format: setup ## Mend what ruff can mend by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup ## What the engine costs: workload W beside the floor (benchmarks/README.md)
	@$(BIN)/python -m benchmarks

bench-report: setup ## What printing a report costs, beside Chromium on the same page
	@$(BIN)/python -m benchmarks.report

bench-pages: setup ## What the people's pages cost, with 100,000 open cases
	@$(BIN)/python -m benchmarks.pages

bench-dbos: setup ## The same beside DBOS, in an environment of its own
	@$(BIN)/python -m benchmarks --dbos

docs: setup ## Write the generated documentation anew
	@$(BIN)/python scripts/write_docs.py

catalogues: setup ## Bring the pages' catalogues in line with what the pages say
	@$(BIN)/python scripts/write_catalogues.py

screenshots: setup ## Pictures of every page, with made-up cases, into var/screenshots
	@$(BIN)/python -m scripts.screenshots

migration: setup ## Write the migration for changed models: MESSAGE="what changes"
	@$(BIN)/python scripts/write_migration.py "$(MESSAGE)"

clean: ## Remove the virtual environment and caches; your data in var/ stay
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* dist var/.system-packages
	@find . -name __pycache__ -type d -not -path './node_modules/*' -prune -exec rm -rf {} +

var/.system-packages: secunda/system_packages.py
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed and is not on the PATH. Install it, or say: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -I secunda/system_packages.py
	@mkdir -p var && touch $@

.venv/.uv: var/.system-packages
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || { echo "Installing uv $(UV_VERSION)"; $(BIN)/python -m pip install -qq "uv==$(UV_VERSION)"; }
	@touch $@

.venv/.synced: .venv/.uv pyproject.toml uv.lock
	@echo "Installing the locked dependencies"
	@$(BIN)/uv sync --locked --quiet --compile-bytecode
	@touch $@

frontend/node_modules/.installed: .venv/.synced frontend/package.json frontend/package-lock.json
	@echo "Installing what the pages load"
	@$(BIN)/python scripts/install_frontend.py
