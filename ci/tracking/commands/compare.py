"""Compare two commits on this machine: which solvers became slower or worse?

Both are checked out in folders of their own and run in turn (A B, B A, ...),
each with its own configs/tracked.yml, or BASE with that of HEAD where it has
none. Where pyproject.toml or constraints.txt differ, each commit gets an
environment of its own, by its own `make env`. Where BASE has no results, the
curves of HEAD are new; where only some of its runs have none, the repetitions
of these are left out, for all benchmarks, and a line says so.

Times are worse if head is slower than base by more than --threshold, and not
by chance: paired log-ratios, corrected for the number of comparisons. A solver
is judged relative to the others, by its ratio over the median of the ratios of
the benchmark's solvers, which is a comparison of its own ("all solvers"): a
slower machine makes no solver worse. Both ratios are printed; the interval and
the probability are those of the relative one. Of fewer than four solvers
nothing is taken off.

Other metrics (iterations, values, numbers of parameters, memory) are compared
as they are. Those whose repetitions agree are worse if they differ by more
than --tolerance. Where repetitions differ, as a time limit makes them, the
numbers of runs that reach a level are compared, by Fisher's exact test (in
seconds, too, for curves without iterations); where these are equal, whether
all values of HEAD are beyond all of BASE. HEAD is worse if this excludes
chance, undecided if the repetitions are too few for that, and the same if
there is no such difference. --alpha bounds the probability that a comparison
of equal commits calls a time, or a metric whose repetitions differ, worse. It
says nothing of a single repetition, which shows no noise: every difference
counts. A curve that runs of HEAD alone lack counts as worse.

The exit code is 1 if something is worse. The folder --output gets report.md
(what a comment on GitHub can hold, the worst first; if HEAD has no results,
the error), changes.txt, junit.xml, benchmark.json (of github-action-benchmark)
and numbers.parquet; the Markdown is also added to $GITHUB_STEP_SUMMARY where
that is set.

    python -m ci compare main HEAD
    python -m ci compare $(git merge-base main HEAD) HEAD   # a branch alone
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import product
from pathlib import Path

import pandas as pd

from ci import UserError
from ci.files import write_whole
from ci.tracking.decisions import decide, failures
from ci.tracking.environments import environments
from ci.tracking.git import git, read_commit, worktree
from ci.tracking.measure import config_file, measure, tracked_benchmarks
from ci.tracking.outputs import write_all, write_report
from ci.tracking.tables import NUMBERS, side_rows
from ci.tracking.texts import how, markdown, no_comparison, terminal_table
from ci.tracking.verdict import BASE, HEAD, Bounds


def add_arguments(parser):
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    """
    parser.add_argument("base", help="a commit, for example main")
    parser.add_argument("head", help="a commit, for example HEAD")
    parser.add_argument(
        "--benchmarks", nargs="+", default=[], metavar="FOLDER",
        help="default: all of HEAD with such a configuration",
    )
    parser.add_argument(
        "--config", default="tracked", metavar="NAME",
        help="the configuration configs/NAME.yml (default: tracked)",
    )
    parser.add_argument(
        "--repetitions", type=int, default=10, metavar="N",
        help="how often each is run (default: 10; times need at least 3)",
    )
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N",
        help="how many benchmarks are run at a time, at most as many as there "
             "are idle cores; virtual CPUs that share a core disturb each "
             "other's times (default: 1)",
    )
    for name, value in Bounds()._asdict().items():
        parser.add_argument(f"--{name}", type=float, default=value,
                            help=f"see above (default: {value:g})")
    parser.add_argument(
        "--output", type=Path, default=Path("artifacts") / "compare",
        metavar="FOLDER", help="default: artifacts/compare",
    )


def run(args):
    """Run `python -m ci compare`; print the changes.

    Parameters
    ----------
    args : argparse.Namespace, see `add_arguments`

    UserError if something is worse, once all is written.
    """
    bounds = checked_bounds(args)
    root = Path(git(Path.cwd(), "rev-parse", "--show-toplevel"))
    base, head = (read_commit(root, name) for name in (args.base, args.head))
    try:
        with ExitStack() as stack:
            trees = {side: stack.enter_context(worktree(root, commit.id))
                     for side, commit in ((BASE, base), (HEAD, head))}
            table, configured = interleaved(trees, args)
        decisions = decide(table, bounds)
    except UserError as error:
        write_report(args.output, no_comparison(base, head, error))
        raise
    failed = failures(decisions, configured)
    write_report(args.output, markdown(
        decisions, base, head, how(args.repetitions, bounds)))
    write_all(args.output, decisions, failed)
    print(terminal_table(decisions))
    print(args.output)
    if failed:
        raise UserError(
            f"expected nothing to become worse from {args.base} to "
            f"{args.head}, got {len(failed)}: see the lines above")


def checked_bounds(args):
    """Return the Bounds of the arguments; UserError if they make no sense."""
    bounds = Bounds(args.threshold, args.tolerance, args.alpha)
    if not (bounds.threshold >= 1 and bounds.tolerance >= 0
            and 0 < bounds.alpha < 1 and args.repetitions >= 1
            and args.jobs >= 1):
        raise UserError(
            f"expected --threshold >= 1, --tolerance >= 0, --alpha in (0, 1), "
            f"--repetitions >= 1 and --jobs >= 1, got {bounds}, "
            f"{args.repetitions} and {args.jobs}")
    return bounds


def interleaved(trees, args):
    """Run both commits in turn; write the numbers so far after each.

    Parameters
    ----------
    trees : dict of side to Path, the folders of the commits
    args : argparse.Namespace

    Returns
    -------
    DataFrame, see `ci.tracking.decisions.decide`; set of str, the benchmarks
    with the same configuration in both commits.
    """
    names = [folder.name for folder in tracked_benchmarks(
        trees[HEAD], args.benchmarks, args.config)]
    configs = {name: configurations(trees, name, args.config)
               for name in names}
    pythons = environments(trees)

    def turn(repetition, name):
        """Each side once, in an order that favours neither if the machine
        drifts."""
        return [row for side in sorted(configs[name], reverse=repetition % 2)
                for row in one_run(
                    name, side, repetition, trees[side] / name,
                    configs[name][side], pythons[side])]

    rows = []
    with ThreadPoolExecutor(args.jobs) as threads:
        for more in threads.map(lambda of: turn(*of), product(
                range(args.repetitions), names)):
            rows += more
            table = pd.DataFrame(rows, columns=NUMBERS)
            write_whole(args.output / "numbers.parquet", table.to_parquet())
    return table, {name for name in names if len({
        config.read_bytes() for config in configs[name].values()}) == 1}


def one_run(name, side, repetition, *what):
    """Run a benchmark of one commit, and print how long it took.

    Parameters
    ----------
    name : str, the benchmark
    side : {"base", "head"}
    repetition : int
    *what : see `measure`

    Returns
    -------
    list of tuple, see `side_rows`; empty if BASE has no results, which HEAD
    may repair. UserError if HEAD has none.
    """
    started, problem = time.perf_counter(), ""
    try:
        records, _ = measure(*what)
    except UserError as error:
        if side == HEAD:
            raise
        records, problem = [], f"; {error}"
    print(f"run {repetition + 1} of {name}, {side}: "
          f"{time.perf_counter() - started:.1f} s{problem}\n",
          end="", file=sys.stderr, flush=True)
    return side_rows(name, side, repetition, records)


def configurations(trees, name, config):
    """Find what each side that has a benchmark runs.

    Parameters
    ----------
    trees : dict of side to Path, the folders of the commits
    name : str, the benchmark
    config : str, the configuration's name without .yml

    Returns
    -------
    dict of side to Path: its own configuration, or that of HEAD
    """
    own = {side: config_file(tree / name, config)
           for side, tree in trees.items() if (tree / name).is_dir()}
    return {side: path if path.exists() else own[HEAD]
            for side, path in own.items()}
