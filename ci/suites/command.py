"""Run every test suite, go on after one that fails, name those that failed.

With `--portable`, it runs the mathematical tests once for each of the
environments of `portable.py`, in which this machine computes like another
one.
"""

import os
import tempfile
from argparse import ArgumentTypeError
from pathlib import Path

from ci import UserError
from ci.suites.catalogue import every_suite, mathematical_suites, suites_of
from ci.suites.portable import ENVIRONMENTS, THREADS, cpu_flags
from ci.suites.runner import run_suites, table

ROOT = Path(__file__).parents[2]


def add_arguments(parser):
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    """
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--portable", action="store_true",
        help="the mathematical tests, in every environment",
    )
    where.add_argument(
        "--environment", nargs="+", metavar="NAME",
        help="the mathematical tests in these environments: "
             + ", ".join(environment.name for environment in ENVIRONMENTS),
    )
    parser.add_argument(
        "--tests", nargs="+", metavar="PATH",
        help="only these files or folders of tests, each in a process",
    )
    parser.add_argument(
        "--jobs", type=positive, default=1, metavar="N",
        help="suites at a time, each with its share of the cores (default: "
             "1); what one prints is shown when it has ended",
    )


def run(args):
    """Run `python -m ci suites`, and print a summary at the end.

    Parameters
    ----------
    args : argparse.Namespace, see `add_arguments`

    UserError if a suite failed.
    """
    suites = suites_of(ROOT, args.tests) if args.tests else None
    names = [environment.name for environment in ENVIRONMENTS]
    if args.portable or args.environment:
        run_portable(chosen(args.environment or names),
                     suites or mathematical_suites(ROOT), args.jobs)
    else:
        summarise(run_suites(
            sharing(suites or every_suite(ROOT), args.jobs), ROOT, args.jobs))


def positive(text):
    """Read an integer of at least 1, or say what is wrong with it."""
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"expected an integer >= 1, got {text}")
    return int(text)


def sharing(suites, jobs):
    """Give each of the suites that run at a time its share of the cores.

    Threads beyond the cores make compiled loops many times slower.
    """
    if jobs == 1:
        return suites
    share = str(max((os.cpu_count() or 1) // jobs, 1))
    return [suite._replace(
        variables=dict.fromkeys(THREADS, share) | suite.variables)
        for suite in suites]


def chosen(names):
    """Return the environments of these names; UserError if one has none."""
    known = {environment.name: environment for environment in ENVIRONMENTS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UserError(
            f"expected names of environments, {', '.join(known)}, got "
            f"{', '.join(unknown)}: correct --environment")
    return [known[name] for name in names]


def run_portable(environments, suites, jobs=1):
    """Run suites in each environment that this CPU can imitate.

    Parameters
    ----------
    environments : list of Environment
    suites : list of Suite
    jobs : int, how many run at a time

    UserError if a suite failed in one of them, or if none could be imitated.
    """
    flags = cpu_flags()
    skipped = [f"{environment.name}: skipped, {environment.missing(flags)}"
               for environment in environments if environment.missing(flags)]
    with tempfile.TemporaryDirectory() as scratch:
        outcomes = run_suites(sharing([
            suite for environment in environments
            if not environment.missing(flags)
            for suite in environment.suites(suites, scratch)], jobs),
            ROOT, jobs)
    summarise(outcomes, skipped)


def summarise(outcomes, skipped=()):
    """Print the summary.

    Parameters
    ----------
    outcomes : list of Outcome
    skipped : list of str, what was not run, and why

    UserError if a suite failed, or if none was run.
    """
    print("\n=== summary")
    if outcomes:
        print(table(outcomes))
    print(*skipped, sep="\n", end="\n" if skipped else "")
    if not outcomes:
        raise UserError("expected a suite to run, got none: see the reasons")
    failed = [outcome.name for outcome in outcomes if outcome.code]
    if failed:
        raise UserError(
            f"expected every suite to pass, got {len(failed)} of "
            f"{len(outcomes)} that failed: {'; '.join(failed)}")
    print(f"all {len(outcomes)} suites passed")
