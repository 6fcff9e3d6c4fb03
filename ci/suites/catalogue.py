"""Which test suites there are: they are found from the folders."""

import sys

from ci import UserError
from ci.suites.runner import Suite


def benchmarks(root):
    """List the names of the folders of benchmarks, sorted.

    Parameters
    ----------
    root : Path, the repository's folder

    Returns
    -------
    list of str
    """
    return sorted(
        path.parent.name for path in root.glob("benchmark_*/objective.py"))


def every_suite(root):
    """List what must pass before a change is merged.

    Parameters
    ----------
    root : Path, the repository's folder

    Returns
    -------
    list of Suite: the tests of the whole; for each benchmark its tests and
    `benchopt test`, in a process of its own, since benchopt puts one
    `benchmark_utils` in `sys.modules`; the claims in quick mode, on the
    fewest seeds.
    """
    suites = [pytest("tests")]
    for name in benchmarks(root):
        suites += [
            pytest(f"{name}/tests"),
            module(f"benchopt test {name}", "--skip-install", "-q"),
        ]
    return suites + [
        module(f"ci claims {name}", "--quick", "--seeds", "0", "1", "2",
               "--output", f"artifacts/claims_{name}")
        for name in benchmarks(root) if (root / name / "claims").is_dir()]


def mathematical_suites(root):
    """List the suites whose outcome may depend on the CPU and its libraries.

    Parameters
    ----------
    root : Path, the repository's folder

    Returns
    -------
    list of Suite
    """
    return [pytest("tests/unrolling"),
            *(pytest(f"{name}/tests") for name in benchmarks(root))]


def suites_of(root, paths):
    """Make one suite of each path of tests.

    Parameters
    ----------
    root : Path, the repository's folder
    paths : list of str, files or folders of tests, from root

    Returns
    -------
    list of Suite; UserError if a path does not exist.
    """
    missing = [path for path in paths if not (root / path).exists()]
    if missing:
        raise UserError(
            f"expected files or folders of tests, got {missing}: name paths "
            f"from the repository's folder, for example tests/unrolling")
    return [pytest(path) for path in paths]


def pytest(path):
    """Make a suite of the tests in a file or folder."""
    return Suite(path, [sys.executable, "-m", "pytest", "-q", path])


def module(name, *options):
    """Make a suite of a Python module's command line, after which it is named.

    Parameters
    ----------
    name : str, the module and its arguments
    *options : str, further arguments
    """
    return Suite(name, [sys.executable, "-m", *name.split(), *options])
