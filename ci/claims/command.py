"""Run a benchmark's published claims and judge each: holds, or does not.

Each claim's runs are done by `benchopt run`, once per seed; runs that share a
problem are done together, and what benchopt has in its cache is not computed
again, so a killed call goes on where it stopped. The verdicts are computed
from the result files and written, with their numbers, figures and budgets, as
one HTML page that opens without a network. `ci.claims.claim` says what a claim
is.
"""

import hashlib
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ci import UserError
from ci.claims.claim import Run, load_claims
from ci.claims.page import claims_page, decisive
from ci.claims.verdict import NOT_RUN, judge, own_rows
from ci.files import COLUMNS, benchmark_folder, read_result, write_whole

SEEDS = [0, 1, 2]


def add_arguments(parser):
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    """
    parser.add_argument("benchmark", help="the benchmark's folder")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--quick", action="store_true",
        help="small problems, for every pull request (the default)",
    )
    mode.add_argument(
        "--full", action="store_true", help="the papers' sizes",
    )
    parser.add_argument(
        "--only", nargs="+", metavar="CLAIM", help="for example L3 L4",
    )
    parser.add_argument(
        "--seeds", nargs="+", type=int, default=SEEDS, metavar="SEED",
        help="at least three; default: 0 1 2",
    )
    parser.add_argument(
        "--no-run", action="store_true",
        help="judge the result files that are in the output folder",
    )
    parser.add_argument(
        "--output", type=Path,
        help="folder for the page, the results and the logs; "
             "default: claims_quick or claims_full in its outputs",
    )


class Job(NamedTuple):
    """One call of benchopt."""

    run: Run
    seed: int

    @property
    def file(self):
        """Name of its files, without suffix: the same for the same run."""
        digest = hashlib.sha256(repr(self.run).encode()).hexdigest()
        return f"run_{digest[:12]}_seed{self.seed}"

    def command(self, benchmark):
        """The arguments of the call, without where its results go."""
        options = [("-o", self.run.objective), ("-d", self.run.dataset),
                   ("-s", self.run.solver)]
        selected = [a for flag, names in options for n in names
                    for a in (flag, n)]
        return ["benchopt", "run", str(benchmark), *selected,
                "--seed", str(self.seed), "--no-timeout", "--no-plot"]


def run(args):
    """Run `python -m ci claims`; print the verdicts and the page's path.

    Parameters
    ----------
    args : argparse.Namespace, see `add_arguments`

    UserError, once the page is written, if a run failed.
    """
    benchmark = benchmark_folder(args.benchmark)
    claims = load_claims(benchmark, args.full, args.only)
    seeds = list(dict.fromkeys(args.seeds))
    if len(seeds) < 3:
        raise UserError(
            f"expected at least three seeds, got {seeds}: one run says "
            f"little of a claim")
    mode = "full" if args.full else "quick"
    folder = args.output or benchmark / "outputs" / f"claims_{mode}"
    jobs = plan(claims, seeds)
    started = time.perf_counter()
    logs = {}
    if args.no_run:
        files = sorted(folder.glob("*.parquet"), key=os.path.getmtime)
    else:
        files = []
        for n, job in enumerate(jobs, 1):
            print(f"[{n}/{len(jobs)}] seed {job.seed}: "
                  f"{', '.join(job.run.dataset)} | "
                  f"{', '.join(job.run.objective)}", flush=True)
            file, log = run_job(job, benchmark, folder)
            files += [file] if file else []
            logs[job.seed] = logs.get(job.seed, "") + log
    df = read_all(files)
    results = []
    for claim in claims:
        rows = own_rows(claim, df)
        verdict = judge(claim, rows, seeds, logs)
        results.append((claim, verdict, rows, [
            shlex.join(job.command(benchmark))
            for job in plan([claim], seeds)]))
    page = claims_page(benchmark, mode, results, {
        "seeds": seeds,
        "calls": 0 if args.no_run else len(jobs),
        "wall_s": time.perf_counter() - started,
    })
    path = write_whole(folder / "claims.html", page.encode("utf-8"))
    print(table(results))
    print(path)
    failed = [c.name for c, v, _, _ in results if v.verdict == NOT_RUN]
    if failed and not args.no_run:
        raise UserError(
            f"expected every run to end, got none for {', '.join(failed)}: "
            f"see the reasons above, and the logs (.log) in {folder}")


def plan(claims, seeds):
    """The calls of benchopt: one for each problem and seed."""
    problems = {}
    for claim in claims:
        for one in claim.runs:
            key = tuple(one.objective), tuple(one.dataset)
            problems.setdefault(key, []).extend(one.solver)
    runs = [Run([*objective], [*dataset], [*dict.fromkeys(solver)])
            for (objective, dataset), solver in problems.items()]
    return [Job(run, seed) for seed in seeds for run in runs]


def run_job(job, benchmark, folder):
    """Call benchopt.

    Its files appear in the folder once they are whole, under names that say
    what was run: two calls of this command may share a folder.

    Returns
    -------
    path of the results or None, and what benchopt printed
    """
    with tempfile.TemporaryDirectory() as tmp:
        output = Path(tmp) / "results.parquet"
        done = subprocess.run(
            [sys.executable, "-m", *job.command(benchmark),
             "--output", str(output)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        log = plain(done.stdout.decode("utf-8", "replace"))
        write_whole(folder / f"{job.file}.log", log.encode("utf-8"))
        if not output.exists():
            return None, log
        return write_whole(
            folder / f"{job.file}.parquet", output.read_bytes()), log


def plain(text):
    """A terminal's output as lines: no colours, no overwritten progress."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return "\n".join(line.rsplit("\r", 1)[-1].rstrip()
                     for line in text.split("\n"))


def read_all(files):
    """The rows of all files; of the same run, those of the newest."""
    tables = [read_result(file)[0].assign(file=n)
              for n, file in enumerate(files)]
    if not tables:
        return pd.DataFrame(columns=[*COLUMNS, "base_seed"])
    df = pd.concat(tables, ignore_index=True)
    keys = ["solver_name", "dataset_name", "objective_name", "base_seed"]
    newest = df.groupby(keys)["file"].transform("max")
    return df[df["file"] == newest].drop(columns="file")


def table(results):
    """The verdicts as text: of each claim a line, its decisive number by
    seed, or why it was not run."""
    width = max(len(claim.title) for claim, _, _, _ in results) + 2
    return "\n".join(
        f"{claim.name:<4}{verdict.verdict:<15}{claim.title:<{width}}"
        f"{decisive(verdict)}"
        for claim, verdict, _, _ in results)
