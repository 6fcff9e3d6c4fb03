"""From the numbers of two commits to a verdict on each of them."""

import numpy as np
import pandas as pd

from ci.tracking.exact import compare_exactly
from ci.tracking.lost import without_lost_runs
from ci.tracking.metrics import ALL, SECONDS, TIMES, TRAINING
from ci.tracking.names import with_names_of_head
from ci.tracking.statistics import centred, effects
from ci.tracking.verdict import (
    BASE,
    BETTER,
    CURVE,
    DEFAULT,
    GONE,
    HEAD,
    NEW,
    SAME,
    SHARES,
    TIME,
    UNDECIDED,
    WORSE,
    Decision,
    in_runs,
)

LEAST = 3
"""Repetitions below which times are not judged."""


def decide(table, bounds=DEFAULT):
    """Judge every metric of what both commits have.

    Names may differ by parameters that one commit lacks. Times are compared
    by `ci.tracking.statistics`, all other metrics, memory included, as they
    are: those whose repetitions differ only where there are enough of them.

    Parameters
    ----------
    table : DataFrame
        One row per number, with the columns benchmark, dataset, objective,
        solver, metric, side ("base" or "head"), repetition and value.
    bounds : Bounds

    Returns
    -------
    list of Decision, of which those of times come first. UserError if no
    repetition is left, see `without_lost_runs`.
    """
    table, lost = without_lost_runs(with_names_of_head(table))
    wide = table.pivot_table(
        index=[*CURVE, "metric"], columns=["side", "repetition"],
        values="value", aggfunc="first", sort=False)
    base, head = (
        wide.reindex(columns=pd.MultiIndex.from_product(
            [[side], sorted(table["repetition"].unique())]))[side]
        for side in (BASE, HEAD))
    common = base.notna().all(axis=1) & head.notna().all(axis=1)
    decided = [
        unpaired(name, base.loc[name], head.loc[name])
        for name in wide.index[~common]]
    base, head = base[common], head[common]
    times = compare_times(base, head, bounds) if base.shape[1] >= LEAST else []
    exact = as_they_are(base, head)
    return times + compare_exactly(
        base[exact], head[exact], bounds) + decided + lost


def as_they_are(base, head):
    """Choose what is compared as it is: all but times, and, of curves without
    iterations, times to a level that one commit reaches less often.

    Parameters
    ----------
    base, head : DataFrame, see `timed`

    Returns
    -------
    ndarray of bool, shape (n_rows,)
    """
    metrics = base.index.get_level_values("metric")
    curves = base.index.droplevel("metric")
    counted = curves.isin(curves[metrics.str.startswith("iterations")])
    reached = [np.isfinite(side).sum(axis=1) for side in (base, head)]
    return ~metrics.isin(TIMES) | (
        ~counted & (reached[0] != reached[1]).to_numpy())


def unpaired(name, base, head):
    """Judge what repetitions of one of the commits, or of both, lack.

    Parameters
    ----------
    name : tuple, the curve and the metric
    base, head : Series, of each repetition, NaN where it has none

    Returns
    -------
    Decision
    """
    has_base, has_head = base.notna(), head.notna()
    if not has_head.any():
        verdict = GONE
    elif not has_base.any():
        verdict = NEW
    elif has_base.all():
        verdict = WORSE
    else:
        verdict = BETTER if has_head.all() else UNDECIDED
    note = "" if verdict in (NEW, GONE) else in_runs(
        has_base.sum(), has_head.sum(), len(base))
    return Decision(*name, verdict, base.median(), head.median(), note=note)


def timed(base, head, names):
    """Choose one time of each curve, and take the log-ratios.

    Parameters
    ----------
    base, head : DataFrame, a row per curve and metric, a column per
        repetition
    names : list of str, metrics; the first that is finite, for both commits in
        every repetition, is taken

    Returns
    -------
    DataFrame, a row per curve and chosen metric, a column per repetition
    """
    usable = (np.isfinite(base) & np.isfinite(head) & (base > 0)
              & (head > 0)).all(axis=1)
    usable &= base.index.get_level_values("metric").isin(names)
    logs = np.log(head[usable] / base[usable])
    rank = logs.index.get_level_values("metric").map(names.index)
    order = np.argsort(rank, kind="stable")
    return logs.iloc[order].groupby(CURVE, sort=False).head(1)


def compare_times(base, head, bounds):
    """Judge the times: of each solver on all problems, of each curve, of all.

    Parameters
    ----------
    base, head : DataFrame, see `timed`
    bounds : Bounds

    Returns
    -------
    list of Decision
    """
    families = [[], [], []]  # of (name, log-ratios, what is taken off)
    for label, names in ((TIME, SECONDS), (TRAINING, [TRAINING])):
        logs = timed(base, head, names)
        for benchmark, curves in logs.groupby("benchmark", sort=False):
            by_solver = curves.groupby("solver", sort=False).mean()
            _, common = centred(by_solver.to_numpy())
            if common is None:
                common = np.zeros(logs.shape[1])
            else:
                families[2].append((
                    (benchmark, ALL, ALL, ALL, label), common, 0 * common))
            families[0] += [
                ((benchmark, ALL, ALL, solver, label), row, common)
                for solver, row in zip(
                    by_solver.index, by_solver.to_numpy(), strict=True)]
            families[1] += [
                (name, row, common) for name, row in zip(
                    curves.index, curves.to_numpy(), strict=True)]
    return [decision for family, share in zip(families, SHARES, strict=True)
            for decision in judged(family, share, base, head, bounds)]


def judged(family, share, base, head, bounds):
    """Judge one family of times.

    A ratio is a change if, relative to the other solvers, it differs from 1
    beyond chance and exceeds the threshold, and if as it is, where the
    machine's noise is larger, it exceeds the threshold's square root.

    Parameters
    ----------
    family : list of tuple: the name; two ndarrays, shape (n_repetitions,),
        the log-ratios and what is taken off them
    share : float, the family's part of the false alarms
    base, head : DataFrame, the times, see `timed`
    bounds : Bounds

    Returns
    -------
    list of Decision
    """
    if not family:
        return []
    decided, least = [], np.log(bounds.threshold)
    means = [geometric_means(side) for side in (base, head)]
    found = effects([row - common for _, row, common in family])
    for (name, row, common), effect in zip(family, found, strict=True):
        p = min(effect.p_slower, effect.p_faster) / share
        verdict = SAME
        if p <= bounds.alpha:
            sizes = np.array([2 * row.mean(), np.log(effect.ratio)])
            if (sizes >= least).all():
                verdict = WORSE
            elif (sizes <= -least).all():
                verdict = BETTER
        seconds = [side.get(name, np.nan) for side in means]
        decided.append(Decision(
            *name, verdict, *seconds, float(np.exp(row.mean())),
            effect.ratio if common.any() else np.nan, effect.low, effect.high,
            min(p, 1)))
    return decided


def geometric_means(times):
    """Return those of the rows that are positive: a dict of names to them."""
    positive = times[(times > 0).all(axis=1)]
    return np.exp(np.log(positive).mean(axis=1)).to_dict()


def failures(decisions, configured):
    """Choose what shall fail a comparison.

    Parameters
    ----------
    decisions : list of Decision
    configured : set of str, the benchmarks whose configuration is the same
        for both commits: a curve that is gone from these failed to run

    Returns
    -------
    list of Decision
    """
    return [d for d in decisions if d.verdict == WORSE
            or (d.verdict == GONE and d.benchmark in configured)]
