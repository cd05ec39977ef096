# `make run` and `make test` need Python 3.11 or later with pip, and nothing else: they make their own environment.
PYTHON ?= python3
OUT ?= out

VENV := .venv
BIN := $(VENV)/bin
# Python compiles the modules that are used when they are first imported: compiling all of them takes a minute. An
# environment that forbids it to keep what it compiled (many containers do) would compile them again in every process.
unexport PYTHONDONTWRITEBYTECODE
INSTALL := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install --quiet --only-binary :all: --no-compile

.PHONY: run test lint types browser wheel-check clean

run: $(VENV)/installed ## the demonstration region: report, map, layers and tables in $(OUT)/
	$(BIN)/corridors run --out $(OUT)

test: $(VENV)/installed-dev browser ## every test, then the kernels again without compilation
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q tests/accessibility/kernels/test_connection_scan_against_oracle.py

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

browser: # pages are tested in Debian's chromium; elsewhere those tests say why they are skipped
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || echo "no chromium: page tests are skipped"

wheel-check: $(VENV)/installed ## a wheel, installed elsewhere, runs the demonstration
	rm -rf build/wheel && $(PYTHON) -m pip wheel --quiet --no-deps --wheel-dir build/wheel .
	$(PYTHON) -m venv --without-pip --system-site-packages build/wheel/env
	$(PYTHON) -m pip --python build/wheel/env/bin/python install --quiet --only-binary :all: build/wheel/*.whl
	cd build/wheel && env/bin/corridors run --quiet --out out && test -s out/report.html

# Debian's python3 may lack ensurepip: the environment is made without pip and filled from outside.
$(VENV)/bin/python:
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --editable .
	touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --editable '.[dev]'
	touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis
