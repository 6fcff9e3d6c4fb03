"""Calls of Python modules, each in a process of its own that starts at once.

A new Python takes seconds to import benchopt and what its solvers are written
with, often more than the runs of a call. The process of a call is forked
instead from one that has imported these packages and computed nothing.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from ci import UserError
from ci.threads import VARIABLES

SERVER = Path(__file__).with_name("forking.py")
_IDLE = {}
"""What servers differ by -> those that run no call; they end with this
process."""


class Ended(NamedTuple):
    """A call that has ended."""

    printed: bytes
    exit_code: int
    peak_mib: float
    """The most memory that its process had, imported packages included, some
    60 MiB of whose files it reads as late as at its end."""


def call(module, arguments, variables, folder=None, python=sys.executable):
    """Run `python -m module arguments`, and wait for its end.

    Parameters
    ----------
    module : str
    arguments : list of str
    variables : dict, environment variables besides those of this process.
        The packages that are imported before see those of the first call, but
        for the numbers of threads, which are the call's own.
    folder : Path, where it runs; default: the working directory
    python : str, the interpreter

    Returns
    -------
    Ended; UserError if the interpreter does not start
    """
    variables = os.environ | variables
    kind = python, *(variables.get(name) for name in VARIABLES)
    idle = _IDLE.setdefault(kind, [])
    try:
        server = idle.pop()  # no other thread gets it
    except IndexError:
        server = None
    if server is None or server.poll() is not None:
        server = start(python, variables)
    with tempfile.NamedTemporaryFile() as log:
        print(json.dumps({
            "module": module, "arguments": arguments, "variables": variables,
            "folder": str(folder or Path.cwd()), "log": log.name}),
            file=server.stdin, flush=True)
        answer = server.stdout.readline()
        if not answer:
            with server:  # closes its pipes
                code = server.wait()
            raise UserError(
                f"expected an answer of {python}, which runs {module}, got "
                f"exit code {code}: was it killed for memory?")
        idle.append(server)
        answer = json.loads(answer)
        return Ended(
            log.read(), answer["exit_code"], answer["peak_kib"] / 1024)


def start(python, variables):
    """Start a process that forks itself for each call, a Popen."""
    return subprocess.Popen(
        # -P: modules are not looked for beside the script
        [python, "-P", str(SERVER)], env=variables, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
