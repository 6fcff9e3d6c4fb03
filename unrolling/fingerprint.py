"""What a cached result depends on: the sources that computed it.

The modules behind a class are found from what is imported, recursively and
wherever in a file an import stands; no list is kept by hand, so that a new
module cannot be forgotten.
"""
import ast
import sys
from functools import cache
from importlib.util import find_spec, resolve_name
from pathlib import Path

PACKAGE = __name__.partition(".")[0]
SHARED = {PACKAGE, "benchmark_utils"}
"""Top-level packages whose sources count. Others count by their version."""


def source_files(*files):
    """These files and all modules of SHARED packages that they import.

    Parameters
    ----------
    files : paths of Python files

    Returns
    -------
    list of Path, resolved and sorted, each once
    """
    found, todo = set(), [(Path(f).resolve(), "") for f in files]
    while todo:
        path, package = todo.pop()
        if path not in found:
            found.add(path)
            for name in imported(path, package, path.stat().st_mtime_ns):
                todo.extend(module_files(name))
    return sorted(found)


def class_files(cls):
    """`source_files` of the modules that define a class and its bases."""
    modules = (sys.modules[c.__module__] for c in cls.__mro__)
    return source_files(*(
        m.__file__ for m in modules if getattr(m, "__file__", None)))


@cache
def imported(path, package, _mtime):
    """Names of SHARED modules that a file imports, or may: a, a.b, a.b.c."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level and package:
                base = resolve_name("." * node.level + base, package)
            names |= {base} | {f"{base}.{a.name}" for a in node.names}
    return frozenset(
        n for n in names if n.partition(".")[0] in SHARED)


def module_files(name):
    """(file, package) of a module and of the packages that it lies in."""
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        prefix = ".".join(parts[:depth])
        try:
            spec = find_spec(prefix)
        except (ModuleNotFoundError, ValueError):
            return  # a function or class of the module before it
        if spec is None or not spec.origin:
            return
        is_package = spec.submodule_search_locations is not None
        yield (Path(spec.origin).resolve(),
               prefix if is_package else prefix.rpartition(".")[0])
