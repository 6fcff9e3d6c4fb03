"""Run suites, whatever each ends with, one or several at a time."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

# how pytest's summary begins a line on a test that did not pass
NOT_PASSED = "FAILED ", "ERROR "


class Suite(NamedTuple):
    """One process that ends with 0 if all is well."""

    name: str
    command: list
    variables: dict = {}
    """Its environment variables, besides those of this process."""


class Outcome(NamedTuple):
    """How a suite ended."""

    name: str
    code: int
    """The process's exit code; below zero, minus the signal that ended it."""
    tests: list
    """pytest's lines on the tests that did not pass."""
    seconds: float

    @property
    def said(self):
        """The outcome in words."""
        if self.code < 0:
            return f"failed: ended by {signal.Signals(-self.code).name}"
        return f"failed: exit code {self.code}" if self.code else "passed"


def show(line):
    """Print a line at once, also where the output is a file."""
    print(line, flush=True)


def run_suite(suite, folder, say=show):
    """Run a suite, and hand on what it prints while it runs.

    Parameters
    ----------
    suite : Suite
    folder : Path, where it runs
    say : callable, gets each line

    Returns
    -------
    Outcome
    """
    programs = Path(sys.executable).parent
    variables = os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
    } | suite.variables
    started, tests = time.perf_counter(), []
    with subprocess.Popen(
        suite.command, cwd=folder, env=variables, text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:
        for line in process.stdout:
            say(line.rstrip("\n"))
            if line.startswith(NOT_PASSED):
                tests.append(line.strip())
    return Outcome(suite.name, process.returncode, tests,
                   time.perf_counter() - started)


def run_suites(suites, folder, jobs=1):
    """Run every suite, also after one that fails.

    Parameters
    ----------
    suites : list of Suite
    folder : Path, where they run
    jobs : int
        How many run at a time, in the order of the list. If more than one,
        what a suite prints is shown when it has ended.

    Returns
    -------
    list of Outcome, in the same order.
    """
    headings = [f"\n=== [{n}/{len(suites)}] {suite.name}"
                for n, suite in enumerate(suites, 1)]
    if jobs == 1:
        outcomes = []
        for heading, suite in zip(headings, suites, strict=True):
            show(heading)
            outcomes.append(run_suite(suite, folder))
        return outcomes

    def run(heading, suite):
        lines = [heading]
        outcome = run_suite(suite, folder, lines.append)
        show("\n".join(lines))
        return outcome

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(run, headings, suites))


def table(outcomes):
    """Write a line for each suite, and one for each test that failed in it.

    Parameters
    ----------
    outcomes : list of Outcome

    Returns
    -------
    str
    """
    width = max(len(outcome.name) for outcome in outcomes)
    lines = []
    for outcome in outcomes:
        lines.append(f"{outcome.name:<{width}}  {outcome.seconds:5.0f} s  "
                     f"{outcome.said}")
        lines += [f"    {test}" for test in outcome.tests]
    return "\n".join(lines)
