"""What a landing page says of a benchmark: who wins where, which claims."""

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ci.curves import LEVELS, read_curve
from ci.files import find_results, read_result

PROBLEM = ["dataset_name", "objective_name"]


class Benchmark(NamedTuple):
    """What is known of a benchmark."""

    path: Path
    title: str
    """The name of its objective, or of its folder before any run."""
    about: str
    """The first paragraph of its objective's docstring."""
    result: Path | None
    """Its newest result file."""
    solvers: list
    winners: list
    """Of Winner, one for each data set and objective."""
    claims: list
    """Of dict, the verdicts that `ci claims --record` kept."""


class Winner(NamedTuple):
    """Who is fastest on a problem."""

    dataset: str
    objective: str
    fastest: dict
    """level -> (solver, seconds), training not counted; no entry where no
    solver gets there."""
    trained: dict
    """The same, training counted."""


def read_benchmark(path):
    """Read what there is of a benchmark: results, verdicts.

    Parameters
    ----------
    path : Path, its folder

    Returns
    -------
    Benchmark
    """
    verdicts = path / "claims" / "verdicts.json"
    claims = (json.loads(verdicts.read_text("utf-8"))
              if verdicts.exists() else [])
    if not list((path / "outputs").glob("*.parquet")):
        return Benchmark(path, path.name, "", None, [], [], claims)
    [result] = find_results(path)
    df, _ = read_result(result)
    about = df["obj_description"].iloc[0].split("\n\n")
    return Benchmark(
        path, df["objective_name"].iloc[0].split("[")[0],
        " ".join(" ".join(about[:2]).split()), result,
        sorted(df["solver_name"].unique()), winners(df), claims)


def winners(df):
    """Find the fastest solver of each problem to each level.

    Parameters
    ----------
    df : DataFrame, a result file

    Returns
    -------
    list of Winner, in the order of the file
    """
    found = []
    for (dataset, objective), rows in df.groupby(PROBLEM, sort=False):
        seconds = {name: seconds_to_levels(runs)
                   for name, runs in rows.groupby("solver_name", sort=False)}
        found.append(Winner(dataset, objective, *(
            {level: min(((name, s[n][k]) for name, s in seconds.items()),
                        key=lambda one: one[1])
             for k, level in enumerate(LEVELS)
             if any(np.isfinite(s[n][k]) for s in seconds.values())}
            for n in range(2))))
    return found


def seconds_to_levels(runs):
    """Seconds to each level, training not counted and counted.

    Parameters
    ----------
    runs : DataFrame, the evaluations of one solver on one problem

    Returns
    -------
    two lists of float, one for each level: the medians over the repetitions;
    infinity where a level is not reached
    """
    times = np.array([
        [read_curve(run).seconds_to(level) for level in LEVELS]
        for _, run in runs.groupby("idx_rep")])
    training = 0.0
    if "objective_train_time_s" in runs:
        training = np.nan_to_num(runs["objective_train_time_s"].max())
    alone = np.median(times, axis=0)
    return alone.tolist(), (alone + training).tolist()


def sentence(benchmark):
    """Say in one sentence who is fastest to 1e-6 how often.

    Parameters
    ----------
    benchmark : Benchmark

    Returns
    -------
    str; "" without results
    """
    level = min(LEVELS)
    first = Counter(
        one.fastest[level][0].split("[")[0] for one in benchmark.winners
        if level in one.fastest)
    total = len(benchmark.winners)
    if not total:
        return ""
    if not first:
        return f"No solver comes within {level:g} of the optimum."
    said = ", ".join(f"{name} on {n}" for name, n in first.most_common(4))
    return (f"Fastest to within {level:g} of the optimum, on {total} "
            f"problems: {said}.")
