# make demo   sets everything up and makes a publication from a synthetic dump of 1.1 million records
# make test   sets everything up and passes every test
# The rest:   make attack (tries to undo what the gate hides), make lint, make fuzz, make fuzz-files, make faults, make docs (writes the generated references), make bench, make lock, make clean

SHELL := /bin/bash
PYTHON := $(shell command -v /usr/bin/python3.11 || command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
LOCKS := requirements/build.txt requirements/runtime.txt

.PHONY: demo test attack fuzz fuzz-files faults lint docs bench lock clean setup setup-test

demo: setup
	$(BIN)/sousveil demo demo
	$(BIN)/sousveil run demo/dump --case demo/case --questions demo/questions.toml

test: setup-test lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

# New examples for the property tests, and more of them.
fuzz: setup-test
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest tests/unit tests/properties

# Attacks on the gate at full size (docs/attacks.md); fails on a breach, and where the attacks are too weak.
attack: setup-test
	$(BIN)/python -m tests.attack

# Damaged files of every kind through intake; needs a quarter of an hour.
fuzz-files: setup-test
	$(BIN)/python -m benchmarks.corrupt

# 200 faults at the writes of a run (killed, disk full, disk broken), and a disk that fills up: half an hour.
faults: setup-test
	$(BIN)/python -m tests.faults

lint: setup-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

docs: setup-test
	$(BIN)/python -m tests.references write

bench: setup-test
	$(BIN)/python -m benchmarks.run

setup: .venv/runtime
setup-test: .venv/test

# Debian leaves venv out of its Python.
.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Sousveil needs Python 3.11 or newer'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { $(AS_ROOT) apt-get update -qq && $(AS_ROOT) apt-get install -qq -y python3-venv; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: .venv/made $(LOCKS) pyproject.toml
	$(PIP) --require-hashes $(addprefix -r ,$(LOCKS))
	$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

.venv/test: .venv/runtime requirements/noise.txt requirements/test.txt apt.txt
	$(PIP) --require-hashes -r requirements/noise.txt -r requirements/test.txt
	@missing=$$(for p in $$(grep -v '^#' apt.txt); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	  if [ -n "$$missing" ]; then $(AS_ROOT) apt-get update -qq && \
	  $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing; fi
	@touch $@

# Writes the lock files anew, without any address in them; needs the package uv.
lock:
	for part in build runtime noise test; do \
	  uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links requirements/$$part.in -o requirements/$$part.txt; done

clean:
	rm -rf .venv demo .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
