"""What benchopt asks of the files, and what a reader expects in them."""
import ast
import inspect
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
FILES = [
    HERE / "objective.py",
    *sorted(HERE.glob("solvers/*.py")), *sorted(HERE.glob("datasets/*.py")),
]
REFERENCE = re.compile(
    r"arXiv:\d{4}\.\d{4,5}|doi:10\.\d{4}|(NIPS|NeurIPS|ICML|ICLR) \d{4}"
    r"|(J|Ann|Proc|Comm|Found)\. .*\d+(\(\d+\))?, \d{4}")


def check_class(cls):
    assert "/" not in cls.name
    assert cls.name.isascii()
    names = [n.strip() for key in cls.parameters for n in key.split(",")]
    # benchopt sets a parameter only if there is no attribute of that name
    assert not set(names) & set(dir(cls))
    for klass in cls.__mro__:
        assert klass.__module__.startswith(("benchopt.", "builtins", "abc")
                                           ) or "__init__" not in vars(klass)
    instance = cls.get_instance()
    assert all(hasattr(instance, name) for name in names)
    unknown = set(cls.test_config or {}) - set(names)
    assert not unknown


def test_solvers(solver_class):
    check_class(solver_class)
    assert REFERENCE.search(" ".join(inspect.getdoc(solver_class).split()))


def test_datasets(dataset_class):
    check_class(dataset_class)
    assert REFERENCE.search(" ".join(inspect.getdoc(dataset_class).split()))


def test_objective(benchmark):
    objective = benchmark.get_benchmark_objective()
    check_class(objective)
    # the last component is the benchmark's name, and that of its cache
    assert objective.url.endswith("/benchmark_lasso")
    assert objective.url.split("/")[-1] == HERE.name


def test_every_solver_is_here(solver_class, benchmark):
    """None is left out because its import fails."""
    assert len(benchmark.get_solvers()) == len(
        [f for f in HERE.glob("solvers/*.py")
         if not f.name.startswith("template_")])
    assert solver_class.is_installed()


def test_names_are_unique(benchmark):
    for classes in (benchmark.get_solvers(), benchmark.get_datasets()):
        names = [c.name.lower() for c in classes]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_requirements_are_literal_lists(file):
    """With `--env`, benchopt reads them without importing the file."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Assign) and any(
                getattr(t, "id", None) == "requirements"
                for t in node.targets):
            requirements = ast.literal_eval(node.value)
            assert isinstance(requirements, list)
            assert all(isinstance(r, str) for r in requirements)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_solver_files_are_short(file):
    if file.parent.name == "solvers":
        assert len(file.read_text().splitlines()) <= 90
