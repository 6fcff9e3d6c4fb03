"""Calls of Python modules, each in a process of its own that starts at once.

A new Python takes seconds to import benchopt and what its solvers are written
with, often more than the runs of a call. The process of a call is forked
instead from one that has imported these packages and computed nothing.
"""

import multiprocessing
import os
import runpy
import sys
import tempfile
from importlib.util import find_spec

PACKAGES = (
    "benchopt.cli.main", "numba", "sklearn.linear_model", "torch._dynamo")
"""They are imported once, where they are installed; the last one by torch's
optimizers."""


def call(module, arguments, variables):
    """Run `python -m module arguments`, and wait for its end.

    Parameters
    ----------
    module : str
    arguments : list of str
    variables : dict, environment variables besides those of this process

    Returns
    -------
    bytes, what it printed
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        [name for name in PACKAGES if find_spec(name.split(".")[0])])
    with tempfile.NamedTemporaryFile() as log:
        process = context.Process(target=run_module, args=(
            module, arguments, os.environ | variables, log.name))
        process.start()
        process.join()
        return log.read()


def run_module(module, arguments, variables, log):
    """Become the call: standard output and errors go to the file log."""
    file = os.open(log, os.O_WRONLY | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(file, descriptor)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
