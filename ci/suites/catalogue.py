"""Which test suites there are: they are found from the folders."""

import sys

from ci import UserError
from ci.suites.runner import Suite

WITHOUT_ARITHMETIC = (
    "test_*claim*.py", "test_plots.py", "test_bench_p*.py", "test_skips.py",
    "test_examples.py", "test_public_api.py", "test_fingerprint.py",
    "test_upstream.py", "test_estimator.py")
"""Files of tests of words, pictures, sources, commands and conventions."""


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
    list of Suite: the tests of the whole; for each benchmark the claims in
    quick mode, on the fewest seeds, its tests and `benchopt test`, in a
    process of its own, since benchopt puts one `benchmark_utils` in
    `sys.modules`. Those that take seconds are last: several at a time then end
    together.
    """
    names = benchmarks(root)
    return [
        *tests_of_the_whole(root),
        *(module(f"ci claims {name}", "--quick", "--seeds", "0", "1", "2",
                 "--output", f"artifacts/claims_{name}")
          for name in names if (root / name / "claims").is_dir()),
        *(pytest(f"{name}/tests") for name in names),
        *(module(f"benchopt test {name}", "--skip-install", "-q")
          for name in names),
    ]


def tests_of_the_whole(root):
    """List the suites of the folder `tests`: each folder in it, its own files.

    Parameters
    ----------
    root : Path, the repository's folder

    Returns
    -------
    list of Suite, those with the most files first
    """
    files = {str(folder.relative_to(root)): sorted(
        str(file.relative_to(root)) for file in folder.glob("test_*.py"))
        for folder in [root / "tests", *sorted(root.glob("tests/*/"))]}
    return [pytest(name, *files[name])
            for name in sorted(files, key=lambda name: -len(files[name]))
            if files[name]]


def mathematical_suites(root):
    """List the suites whose outcome may depend on the CPU and its libraries.

    Files that compute nothing, or nothing that their folder's others do not
    compute, are left out.

    Parameters
    ----------
    root : Path, the repository's folder

    Returns
    -------
    list of Suite
    """
    left_out = [f"--ignore-glob=*/{name}" for name in WITHOUT_ARITHMETIC]
    folders = ["tests/unrolling",
               *(f"{name}/tests" for name in benchmarks(root))]
    return [pytest(folder, folder, *left_out) for folder in folders]


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


def pytest(name, *arguments):
    """Make a suite of tests.

    Parameters
    ----------
    name : str, a file or folder
    *arguments : str, the paths and options of pytest, if not the name alone
    """
    return Suite(name, [
        sys.executable, "-m", "pytest", "-q", *(arguments or [name])])


def module(name, *options):
    """Make a suite of a Python module's command line, after which it is named.

    Parameters
    ----------
    name : str, the module and its arguments
    *options : str, further arguments
    """
    return Suite(name, [sys.executable, "-m", *name.split(), *options])
