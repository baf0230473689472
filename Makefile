# One command each; the first one that needs it makes .venv. Only Python 3.11 or newer, pip and make are assumed.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := demo

.PHONY: help demo test test-long check format bench bench-readme lock clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

demo: $(READY) ## Build the blog example offline into demo/ and let Go judge it
	@rm -rf $(DEMO) && mkdir $(DEMO) && cp examples/blog/fcs.yaml $(DEMO)/
	$(BIN)/gocreator build -C $(DEMO)
	@echo "the Go project lies in $(DEMO)/generated; change $(DEMO)/fcs.yaml, then: $(BIN)/gocreator build -C $(DEMO)"

test: $(READY) ## Run the tests, of the long ones a sample
	$(BIN)/pytest -n 2 --dist loadfile $(PYTEST_FLAGS)

test-long: $(READY) ## Run all tests in full
	GOCREATOR_TESTS=long $(BIN)/pytest -n 2 --dist worksteal $(PYTEST_FLAGS)

check: $(READY) ## Lint: ruff, mypy, the architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_architecture.py

format: $(READY) ## Format the Python code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(READY) ## Compare speed with make, ninja and doit, and of the service; count what models cost
	$(BIN)/python -m tests.benchmarks.run
	$(BIN)/python -m tests.benchmarks.calls
	$(BIN)/python tests/benchmarks/service.py

bench-readme: $(READY) ## Compare speed with peers, count what models cost, and write the tables into README.md
	$(BIN)/python -m tests.benchmarks.run --readme
	$(BIN)/python -m tests.benchmarks.calls --readme

lock: ## Resolve the dependencies anew into requirements.lock
	@[ -d $(VENV) ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links \
	  --custom-compile-command 'make lock' --group dev -o requirements.lock pyproject.toml

clean: ## Remove what was made here
	rm -rf $(VENV) $(DEMO) dist build
