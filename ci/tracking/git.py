"""What git knows: commits, and a folder with the files of one."""

import subprocess
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ci import UserError


class Commit(NamedTuple):
    """A commit: who, when, what."""

    id: str
    date: str
    """The commit's, in ISO 8601 and UTC."""
    author: str
    subject: str
    dirty: bool
    """Whether tracked files differed from it."""


def git(folder, *arguments):
    """Call git.

    Parameters
    ----------
    folder : Path within a repository
    *arguments : str

    Returns
    -------
    str, what it printed; UserError, with its reason, if it failed.
    """
    done = subprocess.run(["git", "-C", str(folder), *arguments],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(
            f"expected git {' '.join(arguments)} to work in {folder}, got: "
            f"{done.stderr.strip()}; name a commit that this repository has")
    return done.stdout.strip()


def read_commit(folder, name="HEAD"):
    """Read a commit by any name that git knows, the branch or the tag.

    Parameters
    ----------
    folder : Path within a repository
    name : str; the files of `HEAD` are those in the folder

    Returns
    -------
    Commit
    """
    line = git(folder, "show", "-s", "--format=%H%x00%cI%x00%an%x00%s",
               f"{name}^{{commit}}")
    status = name == "HEAD" and git(
        folder, "status", "--porcelain", "--untracked-files=no")
    name, date, *said = line.split("\0")
    date = datetime.fromisoformat(date).astimezone(UTC).isoformat()
    return Commit(name, date, *said, bool(status))


@contextmanager
def worktree(folder, commit):
    """Give a new folder with the files of a commit, removed in the end.

    Parameters
    ----------
    folder : Path within a repository
    commit : str

    Yields
    ------
    Path
    """
    with tempfile.TemporaryDirectory() as parent:
        tree = Path(parent) / "tree"
        git(folder, "worktree", "add", "--detach", str(tree), commit)
        try:
            yield tree
        finally:
            git(folder, "worktree", "remove", "--force", str(tree))
