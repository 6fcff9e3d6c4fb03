"""Every benchmark, loaded: its tests here are written once for all."""
from pathlib import Path

import pytest

from unrolling.bench.solver import UnrolledSolver
from unrolling.bench.testing import LoadedBenchmark

BENCHMARKS = [
    LoadedBenchmark(file.parent) for file in
    sorted(Path(__file__).parents[2].glob("benchmark_*/objective.py"))]
EACH = {
    "config": lambda loaded: sorted(loaded.folder.glob("configs/*.yml")),
    "source": lambda loaded: [
        loaded.folder / "objective.py",
        *sorted(loaded.folder.glob("solvers/*.py")),
        *sorted(loaded.folder.glob("datasets/*.py"))],
    "claims": lambda loaded: sorted(loaded.folder.glob("claims")),
    "cls": lambda loaded: [
        *loaded.solvers, *loaded.datasets, loaded.objective],
    "dataset": lambda loaded: loaded.datasets,
    "solver": lambda loaded: loaded.kinds["solver_class"],
    "device_classical": lambda loaded: [
        c for c in loaded.solvers if "device" in c.parameters
        and not issubclass(c, UnrolledSolver)],
    "device_network": lambda loaded: [
        c for c in loaded.solvers if issubclass(c, UnrolledSolver)],
}
"""What a test may ask for, beside `loaded`: it runs on each of them."""


@pytest.fixture
def benchmarks():
    """All of them."""
    return BENCHMARKS


@pytest.fixture
def running(loaded, monkeypatch, tmp_path):
    """The benchmark, as if benchopt ran it, with a cache of this test."""
    loaded.set_running(monkeypatch)
    monkeypatch.setenv("BENCHOPT_CACHE", str(tmp_path))
    return loaded


def pytest_generate_tests(metafunc):
    """A test that asks for `loaded` runs on every benchmark."""
    if "loaded" not in metafunc.fixturenames:
        return
    each = [name for name in EACH if name in metafunc.fixturenames]
    if not each:
        metafunc.parametrize(
            "loaded", BENCHMARKS, ids=lambda b: b.folder.name)
        return
    [name] = each
    metafunc.parametrize(["loaded", name], [
        pytest.param(b, v, id=f"{b.folder.name}-{v.name}")
        for b in BENCHMARKS for v in EACH[name](b)])
