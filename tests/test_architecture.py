"""Imports go downwards, and files and functions stay short."""
import ast
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    file for folder in ("unrolling", "benchmark_*", "ci", "performance")
    for file in ROOT.glob(f"{folder}/**/*.py")
    if not {"tests", "outputs", "__cache__"} & set(file.parts))
SHIPPED = {str(f.relative_to(ROOT)): f for f in SOURCES}
TESTS = {str(f.relative_to(ROOT)): f for folder in ("", "benchmark_*/")
         for f in sorted(ROOT.glob(f"{folder}tests/**/*.py"))
         if not {"outputs", "__cache__"} & set(f.parts)}
PUBLIC = "unrolling/__init__.py", "unrolling/encoder"
"""What a user of the library imports: it is on top of all rooms."""
BUILT_ON = {"tv": {"lasso"}}
"""Rooms that use another one: in differences, TV regression is a Lasso."""
LONG_FILES = {"unrolling/lasso/active_set.py"}
"""One algorithm whose functions are compiled together."""
MOST_LINES, MOST_CODE = 250, 40

files = pytest.mark.parametrize("name", SHIPPED)


def imports(name):
    """Full names of the modules that a file imports, wherever it does."""
    package = ".".join(Path(name).parts[:-1])
    for node in ast.walk(ast.parse(SHIPPED[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = resolve_name("." * node.level + base, package)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def room(module):
    """The folder of `unrolling` that a module is in; "" for general ones."""
    parts = module.split(".")
    inside = len(parts) > 1 and (ROOT / "unrolling" / parts[1]).is_dir()
    return parts[1] if parts[0] == "unrolling" and inside else ""


@pytest.mark.parametrize(
    "name", [n for n in SHIPPED if n.startswith("unrolling/")])
def test_rooms_import_downwards(name):
    """A room imports itself, general modules and the rooms that it is built
    on; `bench` may use them all."""
    own = room(name.removesuffix(".py").replace("/", "."))
    allowed = {"", own} | BUILT_ON.get(own, set())
    special = {m for m in imports(name) if room(m) not in allowed}
    if own != "bench" and not name.startswith(PUBLIC):
        assert not special, f"{name} may import general modules only"
    assert not [m for m in imports(name)
                if m.startswith(("ci.", "benchmark_"))]


@files
def test_benchopt_is_imported_by_bench_and_benchmarks(name):
    if name.startswith("unrolling/") and room(
            name.replace("/", ".")) != "bench":
        assert not [m for m in imports(name)
                    if m.partition(".")[0] == "benchopt"]


@files
def test_benchmarks_do_not_import_each_other(name):
    """benchopt loads one `benchmark_utils`, that of the running benchmark."""
    own = {"benchmark_utils", Path(name).parts[0]}
    assert not [m for m in imports(name) if m.startswith("benchmark_")
                and m.partition(".")[0] not in own]
    if not name.startswith("benchmark_"):
        assert not [m for m in imports(name)
                    if m.startswith("benchmark_utils")]


@pytest.mark.parametrize(
    "name", [n for n in SHIPPED if n.startswith("ci/")])
def test_ci_reads_results_and_imports_no_solver(name):
    assert not [m for m in imports(name) if m.startswith((
        "unrolling", "benchmark_", "torch", "numba", "sklearn"))]


@pytest.mark.parametrize("name", [*SHIPPED, *TESTS])
def test_files_are_short(name):
    if name not in LONG_FILES:
        text = (SHIPPED | TESTS)[name].read_text("utf-8")
        assert len(text.splitlines()) <= MOST_LINES


def code_lines(function):
    """Lines of a function that are neither docstring, blank nor comment."""
    first = function.body[0]
    start = first.end_lineno if ast.get_docstring(function) else (
        first.lineno - 1)
    return start, function.end_lineno


@files
def test_functions_are_short(name):
    text = SHIPPED[name].read_text("utf-8")
    lines = [line.strip() for line in text.splitlines()]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            start, end = code_lines(node)
            code = [line for line in lines[start:end]
                    if line and not line.startswith("#")]
            assert len(code) <= MOST_CODE, f"{node.name}: {len(code)} lines"


def test_the_reader_of_imports_sees_them_all(tmp_path, monkeypatch):
    """Of a file that imports in every way; else the tests could not fail."""
    file = tmp_path / "made_up.py"
    file.write_text(
        "import a.b as c\nfrom d import e, f\ndef g():\n"
        "    from ..bench import plots\n    from . import steps\n")
    name = "unrolling/lasso/made_up.py"
    monkeypatch.setitem(SHIPPED, name, file)
    assert set(imports(name)) == {
        "a.b", "d.e", "d.f", "unrolling.bench.plots",
        "unrolling.lasso.steps"}
    assert room("unrolling.bench.plots") == "bench"
    assert room("unrolling.linear.LeastSquares") == ""
    with pytest.raises(AssertionError, match="may import general modules"):
        test_rooms_import_downwards(name)
