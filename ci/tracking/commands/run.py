"""Measure the tracked configurations, and add the numbers to the history.

Each benchmark's configs/tracked.yml is run several times, without caches and
on one thread. Of each curve the history keeps the iterations and the seconds
to an excess of 1e-2, 1e-4 and 1e-6, the area under it, its last value, the
time of training and the number of parameters; of each call the peak memory.
Every number is stored with the commit, the date and the machine. A run enters
the history once it has ended: killed, the command loses at most the running
one. What a run has is kept if a solver fails in it; the exit code is then 1.

    python -m ci run                        # all benchmarks, 5 times
    python -m ci run benchmark_lasso --repetitions 10
"""

import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from ci import UserError
from ci.tracking.git import read_commit
from ci.tracking.machine import fingerprint, hardware, versions
from ci.tracking.measure import config_file, measure, tracked_benchmarks
from ci.tracking.store import History
from ci.tracking.tables import DEFAULT, run_table


def add_arguments(parser):
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    """
    parser.add_argument(
        "benchmarks", nargs="*",
        help="folders of benchmarks; default: all with such a configuration",
    )
    parser.add_argument(
        "--config", default="tracked", metavar="NAME",
        help="the configuration configs/NAME.yml (default: tracked)",
    )
    parser.add_argument(
        "--repetitions", type=int, default=5, metavar="N",
        help="how often each is run (default: 5)",
    )
    parser.add_argument(
        "--history", type=Path, default=DEFAULT, metavar="FILE",
        help=f"the history (default: {DEFAULT})",
    )


def run(args):
    """Run `python -m ci run`, and print a line for each run.

    Parameters
    ----------
    args : argparse.Namespace, see `add_arguments`

    UserError, once all is run, if curves are missing; the others are kept.
    """
    if args.repetitions < 1:
        raise UserError(
            f"expected --repetitions of at least 1, got {args.repetitions}")
    root = Path.cwd()
    benchmarks = tracked_benchmarks(root, args.benchmarks, args.config)
    history = History(args.history)
    parts, now = hardware(), versions()
    commit = read_commit(benchmarks[0])
    if commit.dirty:
        print("warning: files differ from the last commit; the history keeps "
              "these runs, but ci history leaves them out: commit first",
              file=sys.stderr)
    total = args.repetitions * len(benchmarks)
    missing = {}  # a dict, since each repetition may miss the same
    for n in range(total):
        benchmark = benchmarks[n % len(benchmarks)]
        started = time.perf_counter()
        try:
            records, lost = measure(
                benchmark, config_file(benchmark, args.config))
        except UserError as error:
            records, lost = [], [str(error)]
        else:
            history.add(run_table(
                uuid.uuid4().hex, datetime.now(UTC).isoformat(), commit,
                benchmark.name, fingerprint(parts), parts, now, records))
        missing |= dict.fromkeys(f"{benchmark.name}: {one}" for one in lost)
        print(f"[{n + 1}/{total}] {benchmark.name}: {len(records)} numbers, "
              f"{time.perf_counter() - started:.1f} s", flush=True)
    print(args.history)
    if missing:
        raise UserError("\n  ".join([
            f"expected every curve of the configurations, got {len(missing)} "
            f"failures; the other curves are kept:", *missing]))
