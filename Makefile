# make run: install, build the library, serve the window. make test: install, lint, type-check, test.
PYTHON ?= python3
LIBRARY ?= $(or $(WENJU_LIBRARY),library)
BIN := .venv/bin
REPORTS := $(shell find reports -name '*.txt' -o -name '*.md')

.PHONY: run test long scorecard screenshots clean

run: .venv/installed $(LIBRARY)/wenju.sqlite
	@$(BIN)/python app.py --library "$(LIBRARY)"

test: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

# The checks that take longer than the everyday run allows.
long: .venv/installed-test
	$(BIN)/pytest -m long --timeout 1800

# The figures that the README quotes.
scorecard: .venv/installed $(LIBRARY)/wenju.sqlite
	$(BIN)/python -m eval run eval/sets/huangpu.jsonl --split test --library "$(LIBRARY)"

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Wenju needs Python 3.11 or later; found $$($(PYTHON) --version). Name another: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -m venv .venv || \
	  { echo "Python's venv module is missing; install it (Debian, Ubuntu: apt-get install python3-venv)."; rm -rf .venv; exit 2; }

.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	@touch $@

.venv/installed-test: .venv/installed
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[test]"
	@touch $@

# The pictures that the README shows; needs chromium.
screenshots: .venv/installed-test
	$(BIN)/python tests/web/screenshots.py

$(LIBRARY)/wenju.sqlite: $(REPORTS) | .venv/installed
	@$(BIN)/python -m index add reports --library "$(LIBRARY)"
	@touch $@

clean:
	rm -rf .venv library
