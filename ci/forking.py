"""A Python that forks itself for each call, once packages are imported.

It is run as a script by the interpreter that the calls are to have, and so it
imports nothing of the suite, whose code may differ from call to call. A call
is one line of JSON on standard input; the answer is one on standard output.
Where standard input ends, so does the call that runs.
"""

import json
import os
import runpy
import select
import signal
import sys
from contextlib import suppress
from importlib import import_module

PACKAGES = (
    "benchopt.cli.main", "nilearn.datasets", "numba", "sklearn.linear_model",
    "torch._dynamo")
"""They are imported where they are installed; torch's optimizers import the
last one."""
POLL_S = 0.05


def serve():
    """Answer calls; return, in each process that is forked, what to run.

    Returns
    -------
    dict: module, arguments, variables (all of its environment), folder (where
    it runs, and looks for modules first) and log (a file that gets what it
    prints); None at the end of the input
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            answers.close()
            return json.loads(line)
        _, status, usage = wait(child)
        print(json.dumps({
            "exit_code": os.waitstatus_to_exitcode(status),
            "peak_kib": usage.ru_maxrss}), file=answers, flush=True)
    return None


def wait(child):
    """Wait for the child's end, and end it where the input does."""
    while True:
        ended = os.wait4(child, os.WNOHANG)
        if ended[0]:
            return ended
        if select.select([0], [], [], POLL_S)[0]:
            # no call comes before the answer: this is the input's end
            os.kill(child, signal.SIGKILL)
            return os.wait4(child, 0)


def become(call):
    """Take on all that a call has of its own."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(call["log"], os.O_WRONLY | os.O_APPEND)
    for ours, its in enumerate((nothing, log, log)):
        os.dup2(its, ours)
    os.environ.clear()
    os.environ.update(call["variables"])
    os.chdir(call["folder"])
    sys.path.insert(0, call["folder"])
    sys.argv = [call["module"], *call["arguments"]]


if __name__ == "__main__":
    for package in PACKAGES:
        with suppress(ImportError):
            import_module(package)
    if call := serve():
        become(call)
        runpy.run_module(call["module"], run_name="__main__", alter_sys=True)
