"""The numbers of threads of the processes that a command starts."""

import os
from argparse import ArgumentTypeError

VARIABLES = (
    "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    "NUMBA_NUM_THREADS", "LOKY_MAX_CPU_COUNT",
)
"""The environment variables that set them; the last one is joblib's."""


def threads(number):
    """Return environment variables for that many threads, a dict."""
    return dict.fromkeys(VARIABLES, str(number))


def share(jobs):
    """Return environment variables for each of some processes at a time.

    Threads beyond the cores make compiled loops many times slower.

    Parameters
    ----------
    jobs : int, how many run at a time

    Returns
    -------
    dict; empty for a single process, which keeps the user's own settings
    """
    return threads(max((os.cpu_count() or 1) // jobs, 1)) if jobs > 1 else {}


def add_jobs(parser, what, remark):
    """Declare the argument --jobs.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    what, remark : str, what runs at a time, and what else there is to say
    """
    parser.add_argument(
        "--jobs", type=positive, default=1, metavar="N",
        help=f"{what} at a time, each with its share of the cores (default: "
             f"1); {remark}")


def positive(text):
    """Read an integer of at least 1, or say what is wrong with it."""
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"expected an integer >= 1, got {text}")
    return int(text)
