"""What a landing page says of a benchmark: who wins where, which claims."""

import json
from pathlib import Path
from typing import NamedTuple

from ci.files import find_results, read_result
from ci.names import class_of
from ci.ranking.sentences import who_wins, without_optimum
from ci.ranking.times import lowest_values, seconds_to_levels, winners


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
    """A Winner for each data set and objective with an optimum."""
    sentence: str
    """Who is fastest how often, or lowest; "" without results."""
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
    verdicts = path / "claims" / "verdicts.json"
    claims = (json.loads(verdicts.read_text("utf-8"))
              if verdicts.exists() else [])
    if not list((path / "outputs").glob("*.parquet")):
        return Benchmark(path, path.name, "", None, [], [], "", claims)
    [result] = find_results(path)
    df, _ = read_result(result)
    found = winners(seconds_to_levels(df))
    about = df["obj_description"].iloc[0].split("\n\n")
    return Benchmark(
        path, class_of(df["objective_name"].iloc[0]),
        " ".join(" ".join(about[:2]).split()), result,
        sorted(df["solver_name"].unique()), found,
        who_wins(found, "fastest") or without_optimum(lowest_values(df)),
        claims)
