# `make run` serves the whole product, `make test` passes all its tests. Both set everything up by
# themselves; nothing is installed outside .venv. `make help` lists what else there is.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PORT ?= 8000
HOST := 127.0.0.1
SERVE = $(BIN)/learn serve --host $(HOST) --port $(PORT) $(if $(WORKERS),--workers $(WORKERS))

# Compiled Python is kept: to compile it in each process anew takes longer than the tests.
unexport PYTHONDONTWRITEBYTECODE
NEEDS_GIT = @command -v git >/dev/null || \
	{ echo "The tests need git: apt install git" >&2; exit 1; }
# It takes a minute if nothing is cached, on a single core.
TYPES := $(VENV)/mypy.txt
TESTED := -m "not wheel and not pins and not operations"
PYTEST = $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

.PHONY: help run demo test test-fast crash fuzz failovers orders bench bench-scale check messages format screenshots lock licenses sbom release clean

help: ## list all of these
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.run ## serve the site; with PORT=8080, HOST=0.0.0.0 or WORKERS=4 if you like
	@$(SERVE)

demo: $(VENV)/.run ## serve a made-up group to look around with, in the folder demo
	@$(SERVE) --check-port
	@env -u DATABASE_URL LEARN_DATA=demo $(BIN)/learn demo --site http://$(HOST):$(PORT)
	@env -u DATABASE_URL LEARN_DATA=demo $(SERVE)

test: $(VENV)/.dev ## run linters, type checks and all tests
	$(NEEDS_GIT)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@echo '$(BIN)/mypy, beside the rest; what it says is below it'
	@$(BIN)/mypy >$(TYPES) 2>&1 & types=$$!; \
	trap 'kill $$types 2>/dev/null; exit 130' INT TERM; \
	echo '$(BIN)/lint-imports --no-cache' && $(BIN)/lint-imports --no-cache && \
	echo '$(BIN)/learn check' && $(BIN)/learn check && \
	echo '$(PYTEST) $(TESTED)' && $(PYTEST) $(TESTED); failed=$$?; \
	wait $$types || failed=$$?; \
	cat $(TYPES); \
	exit $$failed

test-fast: $(VENV)/.dev ## run the tests of the engine and the content, and one of each feature
	$(NEEDS_GIT)
	$(PYTEST) -m fast tests/questions tests/library tests/conventions tests/learn

crash: $(VENV)/.dev ## kill the site while people use it; with SECONDS=3600, SEED=1, DATABASE=postgresql
	$(BIN)/python -m tests.operations.crash $(if $(DATABASE),--database $(DATABASE)) \
		$(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED))

fuzz: $(VENV)/.dev ## send the site what nobody sends; with REQUESTS=100000, SEED=1, DATABASE=postgresql
	$(BIN)/python -m tests.operations.fuzz $(if $(DATABASE),--database $(DATABASE)) \
		$(if $(REQUESTS),--requests $(REQUESTS)) $(if $(SEED),--seed $(SEED))

failovers: $(VENV)/.dev ## lose the primary of PostgreSQL while people answer; with FAILOVERS=60, SEED=1
	$(BIN)/python -m tests.operations.failovers \
		$(if $(FAILOVERS),--failovers $(FAILOVERS)) $(if $(SEED),--seed $(SEED))

orders: $(VENV)/.dev ## lose and find the network while people answer; with ORDERS=1000, SEED=1
	ORDERS=$(or $(ORDERS),1000) SEED=$(or $(SEED),0) \
		$(BIN)/python -m pytest -q tests/browser/test_network_orders.py

bench: $(VENV)/.dev ## measure costs beside their goals; with PARTS="cost groups", KEEP=1 to keep them
	$(BIN)/python -m tests.benchmarks $(PARTS) $(if $(KEEP),--keep)

bench-scale: $(VENV)/.dev ## measure how costs grow; with ANSWERS="1000000", DATABASE=sqlite, KEEP=1
	$(BIN)/python -m tests.benchmarks.scale $(if $(ANSWERS),--answers $(ANSWERS)) \
		$(if $(DATABASE),--database $(DATABASE)) $(if $(KEEP),--keep)

check: $(VENV)/.run ## check lessons and questions
	$(BIN)/learn check

messages: $(VENV)/.run ## collect the texts of the interface for translators; LANGUAGE=es begins a language
	@$(BIN)/pybabel --quiet extract --mapping-file $(CATALOGS)/babel.cfg \
		--keyword lazy_gettext --keyword translate --output-file $(CATALOGS)/messages.pot .
	@$(if $(LANGUAGE),test -e $(CATALOGS)/$(LANGUAGE) || $(BIN)/pybabel --quiet init \
		--input-file $(CATALOGS)/messages.pot --output-dir $(CATALOGS) --locale $(LANGUAGE))
	@for catalog in $(CATALOGS)/*/LC_MESSAGES/messages.po; do \
		test -e "$$catalog" || continue; \
		$(BIN)/pybabel --quiet update --input-file $(CATALOGS)/messages.pot \
			--output-dir $(CATALOGS) --no-fuzzy-matching; \
		$(BIN)/pybabel --quiet compile --directory $(CATALOGS); break; \
	done

CATALOGS := learn/translations

format: $(VENV)/.dev ## put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: $(VENV)/.dev ## take the two pictures in README.md again; needs Chromium
	$(BIN)/python -m tests.browser.pictures docs/pictures

lock: $(VENV)/.dev ## pin what pyproject.toml asks for; with UPGRADE=1, at the newest versions
	$(LOCK) --output-file requirements.txt pyproject.toml
	$(LOCK) --output-file requirements-build.txt --only-build-deps --build-deps-for editable \
		pyproject.toml
	$(BIN)/python -c '$(DEV_GROUP)' > $(VENV)/dev.in
	$(LOCK) --output-file requirements-dev.txt --all-extras \
		--constraint requirements.txt --constraint requirements-build.txt \
		pyproject.toml $(VENV)/dev.in
	$(BIN)/python -m pytest -n auto -m pins tests/packaging
	@echo "Now run make licenses: it installs these pins, and lists their licenses."

licenses: $(VENV)/.dev ## write docs/licenses.md from the installed packages
	$(BIN)/python -m tests.packaging.licenses docs/licenses.md

sbom: $(VENV)/.dev ## write the bill of materials of what runs the site (CycloneDX) to dist/sbom.json
	$(BIN)/python -m tests.packaging.sbom dist/sbom.json

release: $(VENV)/.run ## put all that a server needs into the folder dist/release
	@rm -rf dist/release && mkdir -p dist/release
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist/release .
	@cp -R requirements.txt docs/deploy dist/release
	@echo "dist/release has the wheel, its pinned requirements, and the files of docs/deploy."

LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-annotate --no-header --no-emit-options $(if $(UPGRADE),--upgrade --no-reuse-hashes)
DEV_GROUP := import tomllib; project = tomllib.load(open("pyproject.toml", "rb")); \
	print(*project["dependency-groups"]["dev"], sep="\n")

clean: ## remove all that was set up here, but no data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

# The first of these that is new enough and has all that we need of it. PYTHON=… names another.
PYTHONS := $(or $(PYTHON),python3 python3.15 python3.14 python3.13 python3.12 python3.11)
FIT := import sys, ensurepip, sqlite3, ssl, venv; sys.exit(sys.version_info < (3, 11))

# .venv is made anew unless it was finished, in this folder, by a Python that is still there.
ifneq ($(shell (test ! -e $(VENV)/.unfinished && $(BIN)/python -c 'import pip' && \
	$(if $(PYTHON),test "$$($(BIN)/python -V)" = "$$($(PYTHON) -V)" &&) \
	cat $(VENV)/.made) 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.made
endif

$(VENV)/.made:
	@for python in $(PYTHONS); do \
		$$python -c '$(FIT)' >/dev/null 2>&1 || continue; \
		echo "Setting up $(VENV) with $$($$python -V); it takes a minute, once."; \
		$$python -m venv --clear $(VENV) && pwd -P > $@; exit; \
	done; \
	echo "This needs Python 3.11 or later with ssl, sqlite3 and venv; tried: $(PYTHONS)." \
		"On Debian or Ubuntu: apt install python3-venv" >&2; exit 1

$(VENV)/.run: $(VENV)/.made requirements.txt requirements-build.txt pyproject.toml
	@touch $(VENV)/.unfinished
	@$(PIP) install --require-hashes -r requirements-build.txt -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@rm $(VENV)/.unfinished
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@touch $(VENV)/.unfinished
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@rm $(VENV)/.unfinished
	@touch $@
