# Every target that needs Python makes its own .venv when there is none. Nothing outside this folder is changed.
.DELETE_ON_ERROR:
.PHONY: demo test test-all test-long test-lowest bench bench-scheduled bench-large lint fixtures clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

$(READY): pyproject.toml
	@echo "Making $(VENV) with what newsarchive needs (once, a minute or two)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# The main job on the sample publication: served on loopback, harvested by the real command, records shown.
demo: $(READY)
	@$(BIN)/python -m scripts.demo

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy scripts benchmarks

# Lint, strict types, doctests and tests. What needs Debian packages or root says so and is skipped.
test: lint
	$(BIN)/python -m pytest

# The tests that `make test` skips; here a missing piece of the system is a failure.
test-all: $(READY)
	NEWSARCHIVE_TEST_ALL=1 $(BIN)/python -m pytest -m system

# The promises at their large counts; run before a release.
test-long: $(READY)
	$(BIN)/python -m pytest -m long

# The tests once more with the oldest versions that pyproject.toml allows.
test-lowest: $(READY)
	@echo "Making .venv-lowest with the oldest versions that newsarchive allows"
	@$(PYTHON) -m venv .venv-lowest
	@$(BIN)/python -m scripts.lowest_versions > .venv-lowest/constraints.txt
	@.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check --constraint .venv-lowest/constraints.txt --editable '.[dev]'
	.venv-lowest/bin/python -m pytest -q

# Speed and size against a bare Scrapy spider on the same pages, in one run.
bench: $(READY)
	$(BIN)/python -m benchmarks.against_bare_spider

# What a scheduled run with nothing new costs, against a bare crawl of one page; what it asks of the site.
bench-scheduled: $(READY)
	$(BIN)/python -m benchmarks.scheduled_run

# What an archive of a million entries costs: its index, opened and made anew, and the memory of a harvest.
bench-large: $(READY)
	$(BIN)/python -m benchmarks.large_archive

fixtures: $(READY)
	$(BIN)/python -m scripts.make_sample

clean:
	rm -rf $(VENV) .venv-lowest demo-archive build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
