# `make` sets up and runs the main job; `make test` sets up and runs every check.
# Python 3.11, 3.12 or 3.13 is looked for; `make PYTHON=/path/to/python` names one.

# The conda environment of environment.yml while it is active, else .venv; `make ENVIRONMENT=/path` names another.
ENVIRONMENT := $(shell case "$$CONDA_PREFIX" in (*/tailrec) echo "$$CONDA_PREFIX" ;; (*) echo .venv ;; esac)
PYTHON_HERE = "$(ENVIRONMENT)/bin/python"
PROJECTS = . $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
PIP = $(PYTHON_HERE) -m pip --disable-pip-version-check --no-input -q -q
USABLE = import sys; [__import__(name) for name in sys.argv[1:]]; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.PHONY: compare setup test test-extra lint lab lock bench

compare: setup
	@"$(ENVIRONMENT)/bin/tailrec" compare

# What has no wheel is built by the tools of the lock. The file .tailrec in the environment says what it was set up from; what was interrupted is begun again.
setup:
	@set -e; state="$(ENVIRONMENT)/.tailrec"; \
	wanted="$$({ pwd; cat requirements.lock pyproject.toml plugins/*/pyproject.toml; } | cksum)"; \
	found="$$(cat "$$state" 2>/dev/null || true)"; \
	if [ "$$found" = "$$wanted" ]; then exit 0; fi; \
	usable() { "$$@" >/dev/null 2>&1; }; \
	if [ "$$found" != unfinished ] && usable $(PYTHON_HERE) -c '$(USABLE)' pip; then :; \
	elif [ "$(ENVIRONMENT)" = .venv ]; then \
	  chosen=; \
	  for python in $${PYTHON:-python3.11 python3.12 python3.13 python3 python}; do \
	    if usable "$$python" -c '$(USABLE)' venv ensurepip; then chosen="$$python"; break; fi; \
	  done; \
	  if [ -z "$$chosen" ]; then \
	    echo "Expected Python 3.11, 3.12 or 3.13 with its venv module, found none;" \
	      "install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	  fi; \
	  echo "Making .venv with $$("$$chosen" --version)"; \
	  "$$chosen" -m venv --clear .venv; \
	elif ! usable $(PYTHON_HERE) -c '$(USABLE)' pip; then \
	  echo "Expected Python 3.11, 3.12 or 3.13 with pip in $(ENVIRONMENT), found none;" \
	    "make it anew: conda env create -f environment.yml" >&2; exit 1; \
	fi; \
	echo unfinished > "$$state"; \
	echo "Installing the packages of requirements.lock into $(ENVIRONMENT) (3 GB, one to three minutes)"; \
	awk '/^[a-z0-9]/ { tool = /^(cython|setuptools|wheel)==/ } tool' requirements.lock > "$(ENVIRONMENT)/build-tools.lock"; \
	$(PIP) install --require-hashes --no-deps -r "$(ENVIRONMENT)/build-tools.lock"; \
	$(PIP) install --require-hashes --no-deps --no-build-isolation -r requirements.lock; \
	$(PIP) install --no-deps --no-build-isolation $(addprefix -e ,$(PROJECTS)); \
	echo "$$wanted" > "$$state"

lint: setup
	$(PYTHON_HERE) -m ruff check
	$(PYTHON_HERE) -m ruff format --check
	$(PYTHON_HERE) -m mypy

test: lint
	$(PYTHON_HERE) -m pytest -n 2 --dist loadfile --nbval --nbval-current-env tests tailrec plugins notebooks

# What needs an environment of its own: the built packages as a stranger gets them, Keras on PyTorch and JAX.
test-extra: setup
	$(PYTHON_HERE) -m pytest -m extra tests

lab: setup
	$(PYTHON_HERE) -m jupyterlab notebooks/00_start_here.ipynb

# `make lock` keeps the versions that still fit, `make lock UPGRADE=yes` takes the newest.
lock: setup
	$(PYTHON_HERE) -m uv pip compile -q $(if $(UPGRADE),--upgrade) --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --python-version 3.11 --all-extras pyproject.toml plugins/*/pyproject.toml --no-emit-package tailrec -o requirements.lock

bench: setup
	@set -e; for script in $(wildcard tests/benchmarks/*.py); do $(PYTHON_HERE) "$$script"; done
