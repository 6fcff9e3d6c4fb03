"""What a cached result depends on: the sources that computed it.

The modules behind a class are found from what is imported, recursively and
wherever in a file an import stands; no list is kept by hand, so that a new
module cannot be forgotten.
"""
import ast
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec, resolve_name
from pathlib import Path

SHARED = {__name__.partition(".")[0], "benchmark_utils"}
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
    found, names, todo = set(), set(), [Path(f).resolve() for f in files]
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            new = imported(path, path.stat().st_mtime_ns) - names
            names |= new
            for name in new:
                todo.extend(module_files(name))
    return sorted(found)


def class_files(*classes):
    """`source_files` of the modules that define classes and their bases."""
    modules = {sys.modules[c.__module__] for cls in classes
               for c in cls.__mro__}
    return source_files(*(
        m.__file__ for m in modules if getattr(m, "__file__", None)))


@cache
def imported(path, _mtime):
    """Names of SHARED modules that a file imports, or may: a, a.b, a.b.c.

    A file that is no Python imports nothing; whoever imports it reports it.
    """
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return frozenset()
    names, package = set(), package_of(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level and package:
                base = resolve_name("." * node.level + base, package)
            names |= {base} | {f"{base}.{a.name}" for a in node.names}
    return frozenset(
        n for n in names if n.partition(".")[0] in SHARED)


def package_of(path):
    """Dotted name of the package that a file lies in; "" if none is SHARED.

    The innermost folder with the name of a SHARED package is its top.
    """
    folders = path.parts[:-1]
    tops = [n for n, folder in enumerate(folders) if folder in SHARED]
    return ".".join(folders[tops[-1]:]) if tops else ""


def module_files(name):
    """Files of a module, of the packages it lies in, of what defines it.

    The last part of the name may be a function or class. Where its package
    imports it lazily, by `__getattr__`, no import statement leads to the
    module that defines it: it is asked for its `__module__`.
    """
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        prefix = ".".join(parts[:depth])
        try:
            spec = find_spec(prefix)
        except (ModuleNotFoundError, ValueError):
            return  # the part before it is a module, not a package
        if spec is None:
            package, _, attribute = prefix.rpartition(".")
            yield from defining_files(package, attribute)
            return
        if spec.origin:  # a folder without __init__.py has none
            yield resolved(spec.origin)


@cache
def resolved(path):
    """The path of a file without links, which takes long to follow."""
    return Path(path).resolve()


def defining_files(package, attribute):
    """Files of the module that defines an attribute of a lazy package."""
    if not package or "__getattr__" not in vars(import_module(package)):
        return
    value = getattr(import_module(package), attribute, None)
    module = getattr(value, "__module__", None) or ""
    if module.startswith(f"{package}."):
        yield from module_files(module)
