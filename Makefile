# The tasks of this project. On a fresh machine start with ./dev, which installs what a task needs.

# Tests that run at once: make test WORKERS=8
WORKERS = 2
PYTEST = python -m pytest -q -n $(WORKERS)
LINUX = linux/amd64,linux/386,linux/arm64,linux/arm/v5,linux/arm/v6,linux/arm/v7,linux/riscv64,linux/ppc64le,linux/s390x,linux/loong64
FURTHER = linux/mips,linux/mipsle,linux/mips64,linux/mips64le,freebsd/amd64,freebsd/arm64,netbsd/amd64,openbsd/amd64
OTHERS = windows/amd64,windows/386,windows/arm64,darwin/amd64,darwin/arm64,wasi/wasm

# Tests in process, whose coverage is measured.
IN_PROCESS = tests/binary tests/dockerfile tests/golden tests/lint tests/names tests/property tests/unit

.PHONY: demo demo-all test-fast test test-hostile test-all lint style types scripts house words docs update bench world rehearse-release

demo: ## a small program in Go, C and Rust for four platforms each, verified, within a minute
	python examples/demo.py

demo-all: ## cross-build examples/go-server for 24 platforms and verify each binary
	xxpy build examples/go-server --platform $(LINUX) --platform $(FURTHER) --platform $(OTHERS) --output dist/demo --keep-going

lint: ## style, types, shell scripts, imports, spelling, workflows, side by side
	@$(MAKE) --no-print-directory --jobs 3 --output-sync style types scripts house words docs

style:
	ruff check --quiet .
	ruff format --check --quiet .

types:
	mypy --no-error-summary
	mypy --no-error-summary --platform win32 xxpy
	mypy --no-error-summary --platform darwin xxpy

scripts:
	python tests/lint/scripts.py

house:
	@lint-imports --no-logo >/dev/null || lint-imports --no-logo

words:
	codespell
	zizmor --offline --quiet --no-progress .github

docs: ## the documentation site in build/site; a broken link is an error
	python docs/site/build.py

test-fast: lint ## under a minute: no compiler, no container
	$(PYTEST) --doctest-modules xxpy tests/unit tests/property tests/golden tests/lint

test: lint ## what CI runs: real builds of each kind
	$(PYTEST) -m 'not slow' --doctest-modules --doctest-glob api.md --cov --cov-report term xxpy docs/api.md $(IN_PROCESS)
	$(PYTEST) --dist worksteal -m 'not slow' --ignore tests/container $(IN_PROCESS:%=--ignore %) tests
	$(PYTEST) --dist loadscope -m 'not slow' tests/container

test-hostile: ## what runs at night: 10,000 malformed documents a reader, hostile projects, 1,500 kills
	HYPOTHESIS_PROFILE=nightly $(PYTEST) tests/hostile

test-all: lint ## every matrix and every mutation; make test-all PART=2/4 runs a part, and a second run goes on
	$(PYTEST) -p tests.parts --resume $(if $(PART),--part $(PART)) --doctest-modules --doctest-glob api.md --ignore tests/container xxpy docs/api.md tests
	$(PYTEST) --dist loadscope -p tests.parts --resume $(if $(PART),--part $(PART)) tests/container

update: ## rewrite the generated pages, the golden files and the recorded terminal
	python -m tests.golden.update
	python -m tests.golden.terminal

rehearse-release: ## the release of the last commit, with an index and a registry on this machine
	python -m release.rehearse $(VERSION)

bench: ## ratios against what a user would do instead; make bench NAME=commands runs one
	python -m bench $(NAME)

world: ## build other people's projects and write docs/world.md; make world ARGUMENTS='--project jq --platform linux/*'
	python -m world $(ARGUMENTS)
