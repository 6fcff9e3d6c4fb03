# `make run` and `make test` are the two commands of the README. Both set up
# .venv first, with exactly the versions of constraints.txt; any Python >= 3.11
# with pip will do, and the second time `make env` does nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCHMARKS := $(wildcard benchmark_*)
WITH_CLAIMS := $(patsubst %/claims,%,$(wildcard benchmark_*/claims))
# benchopt tests the installation of each solver where there is a conda
INSTALLS := $(if $(shell command -v conda),,--skip-install)

.PHONY: run test claims lint env reports clean

run: env
	$(BIN)/benchopt run benchmark_lasso --config benchmark_lasso/configs/main.yml --no-display
	$(BIN)/python -m ci report benchmark_lasso

test: env
	$(BIN)/python -m pytest
	for b in $(BENCHMARKS); do \
	    $(BIN)/python -m pytest $$b/tests || exit 1; \
	    PATH="$(CURDIR)/$(BIN):$$PATH" benchopt test $$b $(INSTALLS) -q || exit 1; \
	done
	for b in $(WITH_CLAIMS); do \
	    $(BIN)/python -m ci claims $$b --quick --output artifacts/claims_$$b || exit 1; \
	done

# the published claims at the papers' sizes; about an hour, and killed it goes
# on where it stopped
claims: env
	for b in $(WITH_CLAIMS); do $(BIN)/python -m ci claims $$b --full || exit 1; done

lint: env
	$(BIN)/ruff check .

reports: env
	for b in $(BENCHMARKS); do $(BIN)/python -m ci report $$b || exit 1; done

env: $(VENV)/ready

# `venv --without-pip` and `pip --python` ask for no more than Python and pip:
# Debian's python3 comes without ensurepip.
$(VENV)/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "expected Python >= 3.11, got $$($(PYTHON) -V 2>&1):" \
	           "name another one with make PYTHON=python3.12 env"; exit 1; }
	$(PYTHON) -m venv --without-pip $(VENV)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet \
	    --constraint constraints.txt pip --editable ".[peers,data,test]"
	touch $@

clean:
	rm -rf $(VENV) artifacts benchmark_*/outputs benchmark_*/__cache__
