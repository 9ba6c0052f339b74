# The tasks of this project. On a fresh machine start with ./dev, which installs what a task needs.

PYTEST = python -m pytest
PLATFORMS = linux/*,windows/*,darwin/*,freebsd/*,openbsd/*,netbsd/*,wasi/wasm

.PHONY: demo test-fast test test-all lint update bench

demo: ## cross-build examples/go-server for every platform and verify each binary
	xxpy build examples/go-server --platform '$(PLATFORMS)' --output dist/demo --keep-going

lint: ## style, types, shell scripts
	ruff check .
	ruff format --check .
	mypy
	python tests/lint/scripts.py

test-fast: lint ## under a minute: no compiler, no container
	$(PYTEST) -q -n 2 tests/unit tests/property tests/golden tests/lint

test: lint ## what CI runs: real builds of each kind
	$(PYTEST) -q -n 2 -m 'not slow' --ignore tests/container tests
	$(PYTEST) -q -m 'not slow' tests/container

test-all: lint ## every matrix and every mutation
	$(PYTEST) -q -n 2 --ignore tests/container tests
	$(PYTEST) -q tests/container

update: ## rewrite the generated pages and the golden files
	python -m tests.golden.update

bench: ## ratios against what a user would do instead
	python -m bench
