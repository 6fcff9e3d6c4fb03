"""Share the results of a configuration under git; add one's own to them.

Whoever adds a solver runs only that one, and sees it among all others:

    python -m ci snapshot benchmark_lasso main --save    # once, all solvers
    benchopt run benchmark_lasso --config benchmark_lasso/configs/main.yml \\
        -s My-method
    python -m ci snapshot benchmark_lasso main           # adds the others

A snapshot is a table and a description in the benchmark's folder snapshots/.
Times of different machines are not to be compared: a warning says where they
differ.
"""

import sys
from pathlib import Path

from ci.files import benchmark_folder, find_results
from ci.tracking.snapshots import complete, save


def add_arguments(parser):
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    """
    parser.add_argument("benchmark", help="the benchmark's folder")
    parser.add_argument("config", help="the snapshot's name, for example main")
    parser.add_argument(
        "result", nargs="?", type=Path,
        help="result file (.parquet); default: the newest of its outputs",
    )
    parser.add_argument(
        "--save", action="store_true",
        help="make the snapshot of the result, instead of completing it",
    )


def run(args):
    """Run `python -m ci snapshot`; print the path of what it wrote.

    Parameters
    ----------
    args : argparse.Namespace, see `add_arguments`
    """
    benchmark = benchmark_folder(args.benchmark)
    result = args.result or find_results(benchmark)[0]
    folder = benchmark / "snapshots"
    if args.save:
        print(save(result, folder, args.config))
        return
    # not among the results, of which the newest is taken
    output = benchmark / "outputs" / "with_snapshot" / f"{args.config}.parquet"
    differences = complete(result, folder, args.config, output)
    if differences:
        print(f"warning: results are of more than one machine, so times "
              f"cannot be compared ({'; '.join(differences)})",
              file=sys.stderr)
    print(output)
    print(f"its report: python -m ci report {benchmark} {output}")
