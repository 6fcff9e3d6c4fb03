"""The runs of claims as calls of benchopt, and the tables they leave."""

import hashlib
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ci import UserError
from ci.calls import call
from ci.claims.claim import Run
from ci.claims.samples import ASKED, keep, located
from ci.files import COLUMNS, read_result, write_whole
from ci.printed import plain


class Job(NamedTuple):
    """One call of benchopt."""

    run: Run
    seed: int

    @property
    def file(self):
        """The name of its files, without suffix, which is that of its run."""
        asked = self.run._replace(n_seeds=0)  # the same run on every seed
        digest = hashlib.sha256(repr(asked).encode()).hexdigest()
        return f"run_{digest[:12]}_seed{self.seed}"

    def command(self, benchmark):
        """List the arguments of the call, except where its results go."""
        options = [("-o", self.run.objective), ("-d", self.run.dataset),
                   ("-s", self.run.solver)]
        selected = [a for flag, names in options for n in names
                    for a in (flag, n)]
        return ["benchopt", "run", str(benchmark), *selected,
                "--seed", str(self.seed), "--no-timeout", "--no-plot"]

    def __str__(self):
        return (f"seed {self.seed}: {', '.join(self.run.dataset)} | "
                f"{', '.join(self.run.objective)}")


def plan(claims, seeds=None):
    """List the calls of benchopt: one for each problem and seed.

    Parameters
    ----------
    claims : list of Claim; those that run on the same problem share its calls
    seeds : list of int, or None for as many from 0 on as each run asks for

    Returns
    -------
    list of Job
    """
    problems = {}
    for claim in claims:
        for run in claim.runs:
            key = tuple(run.objective), tuple(run.dataset), run.n_seeds
            problems.setdefault(key, []).extend(run.solver)
    runs = [Run([*objective], [*dataset], [*dict.fromkeys(solver)], n_seeds)
            for (objective, dataset, n_seeds), solver in problems.items()]
    jobs = [Job(run, seed) for run in runs
            for seed in (range(run.n_seeds) if seeds is None else seeds)]
    return sorted(jobs, key=lambda job: job.seed)


def run_job(job, benchmark, folder):
    """Call benchopt.

    Its files appear in the folder once they are whole, under names that say
    what was run: two calls of this command may share a folder.

    Parameters
    ----------
    job : Job
    benchmark : Path, the benchmark's folder
    folder : Path, where the results (.parquet) and what was printed (.log) go

    Returns
    -------
    Path of the results or None, and str, what benchopt printed.
    """
    with tempfile.TemporaryDirectory() as tmp:
        output = Path(tmp) / "results.parquet"
        module, *arguments = job.command(benchmark)
        ended = call(
            module, [*arguments, "--output", str(output)], {ASKED: "1"})
        log = plain(ended.printed.decode("utf-8", "replace"))
        write_whole(folder / f"{job.file}.log", log.encode("utf-8"))
        if not output.exists():
            return None, log
        keep(pd.read_parquet(output), folder)
        return write_whole(
            folder / f"{job.file}.parquet", output.read_bytes()), log


def run_jobs(jobs, benchmark, folder, at_a_time):
    """Call benchopt for each job, and print which one is next.

    Parameters
    ----------
    jobs : list of Job
    benchmark, folder : Path, see `run_job`
    at_a_time : int, how many run at a time

    Returns
    -------
    files : list of Path, the results of those that ended
    logs : dict, seed -> str, what benchopt printed
    """
    def run(numbered):
        n, job = numbered
        # in one piece, since calls at a time print beside each other
        print(f"[{n}/{len(jobs)}] {job}\n", end="", flush=True)
        return run_job(job, benchmark, folder)

    files, logs = [], {}
    with ThreadPoolExecutor(at_a_time) as pool:
        for job, (file, log) in zip(
                jobs, pool.map(run, enumerate(jobs, 1)), strict=True):
            files += [file] if file else []
            logs[job.seed] = logs.get(job.seed, "") + log
    return files, logs


def read_all(files):
    """Read result files, and keep the newest rows of each run.

    Parameters
    ----------
    files : list of Path, oldest first

    Returns
    -------
    DataFrame, one row per evaluation; UserError if a file is damaged, or does
    not say which seed was run.
    """
    tables = [located(read_result(file)[0], file.parent).assign(file=n)
              for n, file in enumerate(files)]
    for file, table in zip(files, tables, strict=True):
        if "base_seed" not in table:
            raise UserError(
                f"expected results with the column base_seed, of benchopt run "
                f"--seed, got {file} without: move it out of the folder, or "
                f"make it anew by python -m ci claims")
    if not tables:
        return pd.DataFrame(columns=[*COLUMNS, "base_seed"])
    df = pd.concat(tables, ignore_index=True)
    keys = ["solver_name", "dataset_name", "objective_name", "base_seed"]
    newest = df.groupby(keys)["file"].transform("max")
    return df[df["file"] == newest].drop(columns="file")
