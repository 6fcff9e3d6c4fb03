"""Repositories to measure the commands on: a tiny suite, a clone of this."""
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "ci" / "tiny_benchmark"
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
"""The commands are those of this folder, wherever they run."""


def git(folder, *arguments):
    subprocess.run(
        ["git", "-C", folder, "-c", "user.name=Somebody", "-c",
         "user.email=somebody@example.org", *arguments],
        check=True, stdout=subprocess.DEVNULL)


def commit(folder, message):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@contextmanager
def tiny_suite():
    """A repository with one benchmark that takes seconds: its folder."""
    with TemporaryDirectory() as folder:
        shutil.copytree(
            TINY, Path(folder) / "benchmark_tiny",
            ignore=shutil.ignore_patterns("outputs", "__*__", "claims"))
        git(folder, "init", "--quiet")
        commit(folder, "A tiny benchmark")
        yield Path(folder)


@contextmanager
def clone():
    """A clone of this repository's last commit: its folder."""
    with TemporaryDirectory() as parent:
        folder = Path(parent) / "clone"
        subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
        yield folder
