"""Run published claims, and judge each by its parts; or show all verdicts.

Without a benchmark, it writes one page of all claims of all benchmarks from
the verdicts on record, and runs nothing.

With benchmarks, each claim's runs are done by `benchopt run`, once per seed;
runs that share a problem are done together, and what benchopt has in its cache
is not computed again, so a killed call goes on where it stopped. The verdicts
are computed from the result files and written, with their numbers, figures and
budgets, as one HTML page that opens without a network. `ci.claims.claim` says
what a claim is.

    python -m ci claims
    python -m ci claims benchmark_lasso --only L3
"""

import os
import shlex
import time
from pathlib import Path

from ci import UserError
from ci.claims.claim import load_claims
from ci.claims.complaints import complain
from ci.claims.figure import draw
from ci.claims.jobs import plan, read_all, run_jobs
from ci.claims.page import Result, claims_page
from ci.claims.record import read_record, record
from ci.claims.records import records_page, records_table
from ci.claims.verdict import judge, own_rows
from ci.claims.words import QUICK, markdown_table, terminal_table
from ci.files import benchmark_folder, benchmarks_of, write_whole
from ci.html.styles import solver_classes
from ci.threads import add_jobs, share

LEAST_SEEDS = 3


def add_arguments(parser):
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    """
    parser.add_argument(
        "benchmarks", nargs="*", metavar="benchmark",
        help="folders of the benchmarks to run; without one, all verdicts on "
             "record are shown",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--quick", action="store_true",
        help="small problems, for every pull request (the default)",
    )
    mode.add_argument(
        "--full", action="store_true", help="the papers' sizes")
    parser.add_argument(
        "--only", nargs="+", metavar="CLAIM", help="for example L3 L4")
    parser.add_argument(
        "--seeds", nargs="+", type=int, metavar="SEED",
        help="at least three; by default as many as each claim asks for, "
             "five or more",
    )
    add_jobs(parser, "calls of benchopt", "their times then are those of "
             "fewer threads, beside other work")
    add_result_arguments(parser)


def add_result_arguments(parser):
    """Declare those on which results are judged, and what is kept of them."""
    parser.add_argument(
        "--no-run", action="store_true",
        help="judge the result files that are in the output folder",
    )
    parser.add_argument(
        "--record", action="store_true",
        help="keep the verdicts in the benchmark's claims/verdicts.json, from "
             "which the README's table is written",
    )
    parser.add_argument(
        "--markdown", action="store_true",
        help="print the table of the verdicts that are kept, and end",
    )
    parser.add_argument(
        "--output", type=Path,
        help="folder for the page, the results and the logs; "
             "default: claims_quick or claims_full in its outputs; without a "
             "benchmark, the folder for the page, artifacts",
    )


def run(args):
    """Run `python -m ci claims`; print the verdicts and each page's path.

    Parameters
    ----------
    args : argparse.Namespace, see `add_arguments`

    UserError, once all pages are written, if a run failed.
    """
    if not args.benchmarks:
        show_records(args)
        return
    if args.output and len(args.benchmarks) > 1:
        raise UserError(
            f"expected one benchmark with --output, got "
            f"{len(args.benchmarks)}: leave --output out")
    folders = [benchmark_folder(path) for path in args.benchmarks]
    errors = []
    for folder in folders:
        try:
            run_benchmark(folder, args)
        except UserError as error:
            errors.append(str(error))
    if errors:
        raise UserError("; ".join(errors))


def show_records(args):
    """Write the page of all verdicts on record, or print their tables."""
    if args.quick or args.full or args.only or args.seeds or args.record or (
            args.no_run):
        raise UserError(
            "expected a benchmark with options that run or judge claims, got "
            "none: name one, for example python -m ci claims benchmark_lasso")
    benchmarks = benchmarks_of(Path.cwd(), "claims/__init__.py")
    if not benchmarks:
        raise UserError(
            f"expected folders benchmark_* with claims in {Path.cwd()}, got "
            f"none: run from the suite's folder, or name a benchmark")
    if args.markdown:
        print_markdown([r for one in benchmarks for r in read_record(one)])
        return
    folder = args.output or Path("artifacts")
    # the site has the pages of runs beside this one
    pages = {one.name: f"{one.name}_claims.html" for one in benchmarks
             if (folder / f"{one.name}_claims.html").exists()}
    page = records_page(benchmarks, pages)
    print(records_table(benchmarks))
    print(write_whole(folder / "claims.html", page.encode("utf-8")))


def print_markdown(records):
    """Print the table of a README, and what its quick mode stands for."""
    print(markdown_table(records))
    if any(r["mode"] == "quick" for r in records):
        print(f"\n{QUICK}")


def run_benchmark(benchmark, args):
    """Run and judge the claims of one benchmark.

    Parameters
    ----------
    benchmark : Path
    args : argparse.Namespace, see `add_arguments`

    UserError, once the page is written, if a run, a check or a figure failed,
    or if nothing could be judged. Verdicts are recorded before that.
    """
    if args.markdown:
        print_markdown(read_record(benchmark))
        return
    claims = load_claims(benchmark, args.full, args.only)
    seeds = checked_seeds(args.seeds)
    mode = "full" if args.full else "quick"
    folder = args.output or benchmark / "outputs" / f"claims_{mode}"
    jobs = [] if args.no_run else plan(claims, seeds)
    started = time.perf_counter()
    if args.no_run:
        logs = {}
        files = sorted(folder.glob("*.parquet"), key=os.path.getmtime)
    else:
        os.environ.update(share(args.jobs))
        files, logs = run_jobs(jobs, benchmark, folder, args.jobs)
    df = read_all(files)
    results = [judged(claim, df, seeds, logs, benchmark) for claim in claims]
    print(terminal_table(results, mode))
    if args.record:
        path, left_out = record(benchmark, mode, results)
        print(*left_out, path, sep="\n")
    figures = draw(results, solver_classes(benchmark.resolve().parent))
    page = claims_page(benchmark, mode, results, figures, {
        "calls": len(jobs), "wall_s": time.perf_counter() - started,
    })
    # a page of some claims does not replace that of all
    names = "".join(f"_{claim.name}" for claim in claims if args.only)
    print(write_whole(folder / f"claims{names}.html", page.encode("utf-8")))
    complain(results, figures, folder, args.no_run)


def checked_seeds(seeds):
    """Return the seeds, each once; UserError if there are too few."""
    if seeds is None:
        return None
    seeds = list(dict.fromkeys(seeds))
    if len(seeds) < LEAST_SEEDS:
        raise UserError(
            f"expected at least three seeds, got {seeds}: name three with "
            f"--seeds, since one run says little about a claim")
    return seeds


def judged(claim, df, seeds, logs, benchmark):
    """Judge a claim, and keep what its section of the page shows.

    Parameters
    ----------
    claim : Claim
    df : DataFrame, the results of all claims
    seeds : list of int, or None
    logs : dict, seed -> str, what benchopt printed
    benchmark : Path, the benchmark's folder

    Returns
    -------
    Result
    """
    rows = own_rows(claim, df, seeds)
    commands = [shlex.join(job.command(benchmark))
                for job in plan([claim], seeds)]
    return Result(claim, judge(claim, rows, seeds, logs), rows, commands)
