"""Performance profiles.

E. D. Dolan and J. J. More, Benchmarking optimization software with
performance profiles, Math. Program. 91 (2002), arXiv:cs/0102001.
"""

import numpy as np

RESOLUTION = 1e-6
"""Seconds below which times are alike: what a clock reading itself takes."""


def profile(table, column="seconds", levels=None):
    """Compute the performance profile of every solver.

    A problem is a data set, objective and level that a solver reaches and
    that the start point has not. The ratio of a solver on it is its time
    over the least one; it is infinite where the solver does not get there,
    or was not run.

    Parameters
    ----------
    table : DataFrame, see `ci.ranking.times.seconds_to_levels`
    column : str, seconds or trained
    levels : list of float, those that count; all if None

    Returns
    -------
    n_problems : int
    ratios : dict, solver -> sorted ndarray of its finite ratios; the share of
        problems on which it is within a factor f of the fastest is the number
        of ratios that are at most f, over n_problems. The solver with the
        largest mean share, over the logarithm of the factor, is first.
    """
    table = table[~table["start"].astype(bool)]
    if levels is not None:
        table = table[table["level"].isin(levels)]
    times = table.pivot_table(
        index="solver", columns=["dataset", "objective", "level"],
        values=column, sort=False, dropna=False, aggfunc="first").astype(float)
    times = times.clip(lower=RESOLUTION).fillna(np.inf)
    times = times.loc[:, np.isfinite(times).any()]
    ratios = times / times.min()
    found = {solver: np.sort(row[np.isfinite(row)])
             for solver, row in zip(ratios.index, ratios.to_numpy(),
                                    strict=True)}
    largest = max((r[-1] for r in found.values() if len(r)), default=1.0)
    area = {solver: np.sum(np.log(largest / r)) + len(r) * 1e-9
            for solver, r in found.items()}
    return times.shape[1], dict(sorted(
        found.items(), key=lambda one: -area[one[0]]))


def share_within(ratios, factor, n_problems):
    """Return the share of problems with a ratio of at most a factor."""
    return np.searchsorted(ratios, factor, side="right") / n_problems
