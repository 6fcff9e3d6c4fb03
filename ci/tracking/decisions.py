"""From the numbers of two commits to a verdict on each of them."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ci.tracking.metrics import (
    ALL,
    EXACT_FLOOR,
    MEMORY,
    SECONDS,
    TIMES,
    TRAINING,
)
from ci.tracking.names import with_names_of_head
from ci.tracking.statistics import centred, effects, separated

CURVE = ["benchmark", "dataset", "objective", "solver"]
BASE, HEAD = "base", "head"
WORSE, BETTER, SAME, NEW, GONE = "worse", "better", "same", "new", "gone"
SHARES = 0.5, 0.25, 0.25
"""How the false alarms are shared out: to the times of each solver on all
problems, of each curve, and of all solvers together."""
TIME = "seconds"
"""Name of the times of several curves, each to the hardest level that both
commits reach in every repetition."""
LEAST = 3
"""Repetitions below which times are not judged."""


class Bounds(NamedTuple):
    """What counts as a change."""

    threshold: float = 1.1
    """Ratio of times or of memory that matters."""
    tolerance: float = 1e-3
    """Relative difference of deterministic metrics that matters."""
    alpha: float = 0.005
    """Chance of one false alarm or more in a whole comparison."""


DEFAULT = Bounds()


class Decision(NamedTuple):
    """The verdict on one metric of one curve, or of a solver on all."""

    benchmark: str
    dataset: str
    objective: str
    solver: str
    metric: str
    verdict: str
    base: float
    head: float
    ratio: float
    low: float
    high: float
    p: float


def decide(table, bounds=DEFAULT):
    """Judge every metric of what both commits have.

    Names may differ by parameters that one commit lacks. Deterministic
    metrics, and memory, are compared as they are, times by
    `ci.tracking.statistics`.

    Parameters
    ----------
    table : DataFrame
        One row per number, with the columns benchmark, dataset, objective,
        solver, metric, side ("base" or "head"), repetition and value.
    bounds : Bounds

    Returns
    -------
    list of Decision, of which those of times come first.
    """
    wide = with_names_of_head(table).pivot_table(
        index=[*CURVE, "metric"], columns=["side", "repetition"],
        values="value", aggfunc="first", sort=False)
    base, head = (
        wide[side] if side in wide.columns.get_level_values(0)
        else pd.DataFrame(index=wide.index, columns=[0], dtype=float)
        for side in (BASE, HEAD))
    common = base.notna().all(axis=1) & head.notna().all(axis=1)
    decided = [
        unpaired(name, base.loc[name], head.loc[name])
        for name in wide.index[~common]]
    base, head = base[common], head[common]
    exact = [
        compare_exactly(name, *sides, bounds) for name, *sides in zip(
            base.index, base.to_numpy(), head.to_numpy(), strict=True)
        if name[-1] not in TIMES]
    times = compare_times(base, head, bounds) if base.shape[1] >= LEAST else []
    return times + exact + decided


def unpaired(name, base, head):
    """Make the decision on what only one of the commits has."""
    verdict = NEW if base.isna().any() else GONE
    return Decision(*name, verdict, base.median(), head.median(),
                    *[np.nan] * 4)


def compare_exactly(name, base, head, bounds):
    """Judge a metric whose repetitions agree, or nearly.

    Parameters
    ----------
    name : tuple, the curve and the metric
    base, head : ndarray, shape (n_repetitions,)
    bounds : Bounds

    Returns
    -------
    Decision
    """
    floor = EXACT_FLOOR.get(name[-1], -np.inf)
    base, head = np.maximum(base, floor), np.maximum(head, floor)
    tolerance = (bounds.threshold - 1 if name[-1] == MEMORY
                 else bounds.tolerance)
    verdict = {1: WORSE, -1: BETTER, 0: SAME}[
        separated(base, head, tolerance)]
    base, head = float(np.median(base)), float(np.median(head))
    if base == head:
        ratio = 1.0
    else:
        ratio = head / base if base else np.inf
    return Decision(*name, verdict, base, head, ratio, *[np.nan] * 3)


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
    medians = [side.median(axis=1).to_dict() for side in (base, head)]
    found = effects([row - common for _, row, common in family])
    for (name, row, _), effect in zip(family, found, strict=True):
        p = min(effect.p_slower, effect.p_faster) / share
        verdict = SAME
        if p <= bounds.alpha:
            sizes = np.array([2 * row.mean(), np.log(effect.ratio)])
            if (sizes >= least).all():
                verdict = WORSE
            elif (sizes <= -least).all():
                verdict = BETTER
        seconds = [side.get(name, np.nan) for side in medians]
        decided.append(Decision(
            *name, verdict, *seconds, effect.ratio, effect.low, effect.high,
            min(p, 1)))
    return decided


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
