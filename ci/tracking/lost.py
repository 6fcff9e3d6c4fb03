"""Runs that left no result: which repetitions can be compared."""

import numpy as np

from ci import UserError
from ci.tracking.metrics import ALL, RUNS
from ci.tracking.verdict import (
    BASE,
    HEAD,
    UNDECIDED,
    WORSE,
    Decision,
    in_runs,
)


def without_lost_runs(table):
    """Leave out the repetitions in which a whole run has no results.

    A run is a call of one benchmark, of one commit. It is lost if it has no
    result and those of other repetitions have some. Its repetition is left out
    for all benchmarks, since their times are judged together.

    Parameters
    ----------
    table : DataFrame, see `ci.tracking.decisions.decide`

    Returns
    -------
    DataFrame, the rows that are left; list of Decision, one for each benchmark
    with lost runs, worse if head has lost some. UserError if no row is left.
    """
    every = set(table["repetition"])
    ran = table.groupby(["benchmark", "side"])["repetition"].agg(set)
    whole = every.intersection(*ran)
    if every and not whole:
        raise UserError(
            f"expected a repetition in which every run has results, got none "
            f"of {len(every)}: see why runs failed, or name the benchmarks "
            f"whose runs do not, with --benchmarks")
    lost = []
    for name, sides in ran[ran.map(len) < len(every)].groupby("benchmark"):
        has = {side: len(ran.get((name, side), ())) for side in (BASE, HEAD)}
        lost.append(Decision(
            name, ALL, ALL, ALL, RUNS,
            WORSE if (name, HEAD) in sides else UNDECIDED, np.nan, np.nan,
            note=f"results {in_runs(has[BASE], has[HEAD], len(every))}; the "
                 f"repetitions without are left out"))
    return table[table["repetition"].isin(whole)], lost
