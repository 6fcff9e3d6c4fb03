"""What a landing page says of a benchmark: who wins where, which claims."""

import ast
from pathlib import Path
from typing import NamedTuple

from ci.claims.record import read_record
from ci.files import find_results, read_result
from ci.ranking.sentences import who_wins, without_optimum
from ci.ranking.times import lowest_values, seconds_to_levels, winners
from ci.site.configs import config_of
from ci.tracking.snapshots import load

SNAPSHOT = "main"
"""The snapshot under git that is shown where nothing ran on this machine."""


class Run(NamedTuple):
    """What is known of a run."""

    origin: str
    """Its file, its configuration, its date."""
    solvers: list
    winners: list
    """A Winner for each data set and objective with an optimum."""
    sentence: str
    """Who is fastest how often, or lowest."""


class Benchmark(NamedTuple):
    """What is known of a benchmark."""

    path: Path
    title: str
    """The name of its objective."""
    about: list
    """of str, the first two paragraphs of its objective's docstring."""
    result: Path | None
    """Its newest result file."""
    run: Run | None
    """The run of this file, or of the snapshot."""
    claims: list
    """The verdicts that `ci claims --record` kept, dicts."""


def read_benchmark(path):
    """Read what there is of a benchmark: results, verdicts.

    Parameters
    ----------
    path : Path, its folder

    Returns
    -------
    Benchmark
    """
    title, about = introduction(path)
    result = run = None
    if list((path / "outputs").glob("*.parquet")):
        [result] = find_results(path)
        run = read_run(path, read_result(result)[0], f"outputs/{result.name}")
    elif (path / "snapshots" / f"{SNAPSHOT}.csv").exists():
        run = read_run(path, load(path / "snapshots", SNAPSHOT)[0],
                       f"snapshots/{SNAPSHOT}.csv, kept under git")
    return Benchmark(path, title, about, result, run, read_record(path))


def introduction(path):
    """Read what an objective says of itself, without importing it.

    Parameters
    ----------
    path : Path, the benchmark's folder

    Returns
    -------
    str, its name, or the folder's where it has none; list of str, the first
    two paragraphs of its docstring, each in a line.
    """
    said = {"name": path.name, "doc": ""}
    module = ast.parse((path / "objective.py").read_text("utf-8"))
    for node in module.body:
        if isinstance(node, ast.ClassDef) and node.name == "Objective":
            said["doc"] = ast.get_docstring(node) or ""
            said |= {line.targets[0].id: line.value.value
                     for line in node.body if isinstance(line, ast.Assign)
                     and isinstance(line.value, ast.Constant)}
    return said["name"], [" ".join(paragraph.split())
                          for paragraph in said["doc"].split("\n\n")[:2]]


def read_run(benchmark, df, file):
    """Read who wins in a run.

    Parameters
    ----------
    benchmark : Path
    df : DataFrame, its results
    file : str, where they are

    Returns
    -------
    Run
    """
    found = winners(seconds_to_levels(df))
    config = config_of(benchmark, df)
    what = (f"the configuration {config}" if config else
            "a choice of solvers and problems that is no configuration")
    return Run(
        f"Run of {what}, {df['run_date'].max()[:10]} ({file}).",
        sorted(df["solver_name"].unique()), found,
        who_wins(found, "fastest") or without_optimum(lowest_values(df)))
