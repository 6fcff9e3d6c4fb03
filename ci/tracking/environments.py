"""The interpreters of two commits: one of their own where they differ."""

import subprocess
import sys

from ci import UserError

FILES = "pyproject.toml", "constraints.txt"


def environments(trees):
    """Choose an interpreter for each commit.

    Parameters
    ----------
    trees : dict of str to Path, the folders of the commits

    Returns
    -------
    dict of str to str: this interpreter for all, if the files that say what is
    installed are the same; else one for each, set up by `make env` there.
    UserError if that fails.
    """
    wanted = {tuple((tree / name).read_bytes() if (tree / name).exists()
                    else b"" for name in FILES) for tree in trees.values()}
    if len(wanted) <= 1:
        return dict.fromkeys(trees, sys.executable)
    return {side: str(own_environment(tree)) for side, tree in trees.items()}


def own_environment(tree):
    """Set up the environment of a folder; return its interpreter, a Path."""
    done = subprocess.run(
        ["make", "env", f"PYTHON={sys.executable}"], cwd=tree,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    if done.returncode:
        raise UserError(
            f"expected make env to set up the environment of a commit, got "
            f"exit code {done.returncode}:\n{done.stdout[-2000:]}")
    return tree / ".venv" / "bin" / "python"
