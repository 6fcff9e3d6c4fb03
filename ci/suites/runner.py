"""Run suites one after the other, whatever each ends with."""

import os
import signal
import subprocess
import sys
import time
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


def run_suite(suite, folder):
    """Run a suite, and show what it prints while it runs.

    Parameters
    ----------
    suite : Suite
    folder : Path, where it runs

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
            print(line, end="", flush=True)
            if line.startswith(NOT_PASSED):
                tests.append(line.strip())
    return Outcome(suite.name, process.returncode, tests,
                   time.perf_counter() - started)


def run_suites(suites, folder):
    """Run every suite, also after one that fails.

    Parameters
    ----------
    suites : list of Suite
    folder : Path, where they run

    Returns
    -------
    list of Outcome, in the same order.
    """
    outcomes = []
    for n, suite in enumerate(suites, 1):
        print(f"\n=== [{n}/{len(suites)}] {suite.name}", flush=True)
        outcomes.append(run_suite(suite, folder))
    return outcomes


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
