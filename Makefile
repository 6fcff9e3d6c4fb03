# `make run` and `make test` are the two commands of the README. Both set up
# .venv first, with exactly the versions of constraints.txt; any Python >= 3.11
# with pip will do, and the second time `make env` does nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCHMARKS := $(patsubst %/objective.py,%,$(wildcard benchmark_*/objective.py))
WITH_CLAIMS := $(patsubst %/claims/__init__.py,%,$(wildcard benchmark_*/claims/__init__.py))
ONLY := $(if $(TESTS),--tests $(TESTS))
JOBS ?= 2

.PHONY: run test test-portable claims lint env reports clean

run: env
	$(BIN)/benchopt run benchmark_lasso --config benchmark_lasso/configs/main.yml --no-display
	$(BIN)/python -m ci report benchmark_lasso

# every suite, also after one that fails; the summary names those that failed.
# make test TESTS="tests/ci benchmark_lasso/tests/test_names.py" runs a part,
# make test JOBS=1 one suite at a time, with all cores.
test: env
	$(BIN)/python -m ci suites --jobs $(JOBS) $(ONLY)

# the mathematical tests as on other machines: CPUs, libraries, threads; an hour.
# make test-portable ENVIRONMENT=threads-4 TESTS=tests/unrolling runs a part.
test-portable: env
	$(BIN)/python -m ci suites --jobs $(JOBS) $(if $(ENVIRONMENT),--environment $(ENVIRONMENT),--portable) $(ONLY)

# the published claims at the papers' sizes; benchmark_lasso's alone are an
# estimated twelve hours of a core. Killed, it goes on where it stopped
claims: env
	for b in $(WITH_CLAIMS); do $(BIN)/python -m ci claims $$b --full --jobs $(JOBS) || exit 1; done

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
	    --constraint constraints.txt pip --editable ".[peers,data,tracking,dask,slurm,test]"
	touch $@

clean:
	rm -rf $(VENV) artifacts benchmark_*/outputs benchmark_*/__cache__
