"""Cached results belong to the sources: whatever is imported, and no more."""
import sys
from pathlib import Path

import joblib
import pytest
from benchopt.benchmark import Benchmark
from benchopt.utils.dynamic_modules import _load_class_from_module

import unrolling
from unrolling.fingerprint import class_files, package_of, source_files

PACKAGE = Path(unrolling.__file__).resolve().parent
FILES = {
    "objective.py": """
from unrolling.bench.objective import BenchmarkObjective

class Objective(BenchmarkObjective):
    name = "Made up"
    url = "https://example.org/benchmark_made_up"
    min_benchopt_version = "1.10"
    def set_data(self): pass
    def get_objective(self): return {}
    def evaluate_result(self): return {"value": 0}
""",
    "datasets/made_up.py": "from benchmark_utils.sub.deep import value\n",
    "datasets/nested/more.py": "",
    "solvers/late.py": """
from benchopt import BaseSolver

class Solver(BaseSolver):
    name = "late"
    def set_objective(self): pass
    def run(self, _):
        from benchmark_utils.sub import late
        from benchmark_utils import lazy_function
        import unrolling.lasso.coordinate_descent
    def get_result(self): return {}
""",
    "benchmark_utils/__init__.py": """
from importlib import import_module

def __getattr__(name):
    if name == "lazy_function":
        return import_module("benchmark_utils.behind").lazy_function
    raise AttributeError(name)
""",
    "benchmark_utils/behind.py": "def lazy_function(): return 0\n",
    "benchmark_utils/sub/__init__.py": "",
    "benchmark_utils/sub/deep.py":
        "from . import sibling\nfrom ..top import other\nvalue = 1\n",
    "benchmark_utils/sub/sibling.py": "",
    "benchmark_utils/top.py": "import benchmark_utils.bare.named as other\n",
    "benchmark_utils/bare/named.py": "",  # there is no __init__.py beside it
    "benchmark_utils/sub/late.py": "def late(: is no Python\n",
    "benchmark_utils/unused.py": "",
    "claims/m01_nothing.py": "from benchmark_utils import unused\n",
    "plots/curves.py": "",
    "tests/test_nothing.py": "",
}


def remove_modules():
    """Forget the modules of benchmarks that were loaded; returns them."""
    return {name: sys.modules.pop(name) for name in list(sys.modules)
            if name.partition(".")[0] in ("benchmark_utils",
                                          "benchopt_benchmarks")}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A made-up benchmark, loaded; another's modules come back after it."""
    others = remove_modules()
    monkeypatch.setattr("benchopt.benchmark._RUNNING_BENCHMARK", None)
    folder = tmp_path / "benchmark_made_up"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    Benchmark(folder)
    yield folder
    remove_modules()
    sys.modules.update(others)


@pytest.fixture
def objective(folder):
    return _load_class_from_module(
        folder, folder / "objective.py", "Objective").get_instance()


@pytest.mark.parametrize("edited", [
    "objective.py", "datasets/made_up.py", "datasets/nested/more.py",
    "benchmark_utils/sub/deep.py", "benchmark_utils/sub/late.py",
    "benchmark_utils/bare/named.py",
    PACKAGE / "bench" / "objective.py", PACKAGE / "fingerprint.py",
    PACKAGE / "lasso" / "coordinate_descent.py",  # the solver imports it
], ids=str)
def test_an_edit_is_another_key(folder, objective, edit, edited):
    """benchopt caches a run under a hash of the pickled objective."""
    key = joblib.hash(objective)
    assert joblib.hash(objective) == key
    edit(folder / edited)
    assert joblib.hash(objective) != key


@pytest.mark.parametrize("edited", [
    "tests/test_nothing.py", "claims/m01_nothing.py", "plots/curves.py",
    "solvers/late.py",  # benchopt's own key has it, for its own results only
    PACKAGE / "lasso" / "steps.py",
], ids=str)
def test_an_unrelated_edit_is_not(folder, objective, edit, edited):
    assert (folder / edited).is_file()
    key = joblib.hash(objective)
    edit(folder / edited)
    assert joblib.hash(objective) == key


def names(files, folder):
    return {str(f.relative_to(folder.resolve())) for f in files
            if f.is_relative_to(folder.resolve())}


def test_relative_imports_are_followed(folder):
    """Through a package, its siblings, its parent, and a bare folder."""
    files = source_files(folder / "datasets/made_up.py")
    assert names(files, folder) == {
        "datasets/made_up.py", "benchmark_utils/__init__.py",
        "benchmark_utils/sub/__init__.py", "benchmark_utils/sub/deep.py",
        "benchmark_utils/sub/sibling.py", "benchmark_utils/top.py",
        "benchmark_utils/bare/named.py"}


def test_relative_imports_of_the_file_itself_are_followed(folder):
    files = source_files(folder / "benchmark_utils/sub/deep.py")
    assert "benchmark_utils/sub/sibling.py" in names(files, folder)
    assert "benchmark_utils/top.py" in names(files, folder)


def test_imports_inside_functions_are_followed(folder):
    """A module, one of `unrolling`, and what a package imports lazily."""
    solver = _load_class_from_module(
        folder, folder / "solvers/late.py", "Solver")
    files = class_files(solver)
    assert names(files, folder) == {
        "solvers/late.py", "benchmark_utils/__init__.py",
        "benchmark_utils/sub/__init__.py", "benchmark_utils/sub/late.py",
        "benchmark_utils/behind.py"}
    assert PACKAGE / "lasso" / "coordinate_descent.py" in files
    assert PACKAGE / "lasso" / "steps.py" not in files


def test_another_new_import_is_seen(folder):
    """The imports of a file are remembered until it changes."""
    file = folder / "solvers/late.py"
    before = source_files(file)
    file.write_text(file.read_text() + "import benchmark_utils.unused\n")
    added = set(source_files(file)) - set(before)
    assert names(added, folder) == {"benchmark_utils/unused.py"}


@pytest.mark.parametrize(("path", "package"), [
    ("unrolling/unrolling/lasso/steps.py", "unrolling.lasso"),
    ("benchmark_lasso/benchmark_utils/sub/deep.py", "benchmark_utils.sub"),
    ("benchmark_lasso/solvers/ista.py", ""),
])
def test_package_of_a_file(path, package):
    assert package_of(Path("/home/me") / path) == package
