# `make compare` and `make test` set up everything they need.
PYTHON ?= python3
VENV ?= .venv
TESTS ?=
BIN := $(VENV)/bin

.PHONY: compare test check lint bench docs clean setup

compare: $(VENV)/.core
	$(BIN)/clustersim compare long_term piecemeal

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal $(TESTS)

check: lint test

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m sim.documents --check

docs: $(VENV)/.core
	$(BIN)/python -m sim.documents
	$(BIN)/python -m tests.docs.notebook

bench: $(VENV)/.core
	$(BIN)/python -m benchmarks

setup: $(VENV)/.dev

# Debian splits ensurepip from Python, so the environment is made without pip and filled from outside.
$(VENV)/bin/python:
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.core: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PYTHON) -m pip --python $(BIN)/python install --quiet -c constraints.txt -e .
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PYTHON) -m pip --python $(BIN)/python install --quiet -c constraints.txt -e ".[dev]"
	touch $@ $(VENV)/.core

clean:
	rm -rf $(VENV) build dist
