"""After a finite T*, ISTA and Oracle ISTA have found the support (and signs)
of z*; from then on Oracle ISTA converges linearly, F(z_t+k) - F* <= (1 -
mu*/L_S*)^k (F(z_t) - F*), with the extreme eigenvalues mu* and L_S* of
D_S*'D_S*, and at least as L_S* ||z_T* - z*||^2 / (2 (t - T*)), for each
sample."""
import json

import numpy as np

from ci.claims.claim import Curve, Panel, Run, band, by_seed, where
from ci.claims.effects import CONVERGED, over_seeds
from ci.claims.parts import MARGIN, Part, theorem
from ci.names import class_of

from ._problems import (
    ABLIN,
    FEW,
    MANY_SEEDS,
    ORACLE,
    REGS,
    SMALL,
    lasso,
    problems,
)

TITLE = "Support found, then a linear rate"
SOURCE = f"""{ABLIN}; J. Liang, J. Fadili and G.
Peyre, Local linear convergence of forward-backward under partial smoothness,
NeurIPS 2014."""
CHANGES = """The theorem gives no T*: how many samples are identified within
a run is measured, and not a theorem; a run that ends before it has converged
leaves it undecided. The bounds are tested on the first 10 samples of each
seed, at the iterations that are evaluated."""

SOLVERS = ["ISTA", ORACLE]
ROUNDING = 1e-14
"""Rounding error of a gap, relative to the cost at the start."""


def runs(full):
    if full:
        return [Run(lasso(0.1, 0.5, 0.8), [FEW], SOLVERS, MANY_SEEDS),
                Run(lasso(*REGS), [SMALL], SOLVERS, MANY_SEEDS)]
    return [Run(lasso(*REGS), [SMALL], SOLVERS)]


def listed(rows, column):
    """A metric of the samples one by one, (n_evaluations, n_samples)."""
    return np.array([json.loads(v) for v in rows[f"objective_{column}"]])


def since(identified):
    """Return the row from which each sample stays identified, or n_rows."""
    lost = np.cumsum(~identified[::-1], axis=0)[::-1] > 0
    return lost.sum(axis=0)


def check(df):
    parts = []
    for place, rows in problems(df).items():
        for name in SOLVERS:
            shares = [share_at_the_end(of)
                      for of in by_seed(where(rows, name)).values()]
            parts.append(Part(
                place, f"share of samples that {class_of(name)} identifies",
                over_seeds(shares), 1 - MARGIN))
        # fmin leaves out the seeds that say nothing, unless all do
        linear, sublinear = np.fmin.reduce([
            rooms_of(of) for of in by_seed(where(
                rows, ORACLE)).values()])
        parts += [
            theorem(place, "linear bound / gap after T*", linear),
            theorem(place, "1 / (t - T*) bound / gap after T*", sublinear)]
    return parts


def share_at_the_end(rows):
    """The share of samples that one seed's run identifies; NaN where it was
    cut off before it had converged, which tells nothing of a finite T*."""
    last = rows.iloc[-1]
    solved = last["objective_duality_gap"] <= CONVERGED
    return last["objective_identified"] if solved else np.nan


def rooms_of(rows):
    """The least of bound / gap over samples and iterations after T*.

    Parameters
    ----------
    rows : DataFrame, the evaluations of Oracle-ISTA on one seed

    Returns
    -------
    linear, sublinear : float, of the two bounds; NaN if no sample has an
    iteration after its T*, so that nothing is tested
    """
    t = rows["stop_val"].to_numpy()
    gap = listed(rows, "listed_suboptimality")
    distance = listed(rows, "listed_distance")
    factor = listed(rows, "listed_contraction")[0]
    L_S = listed(rows, "listed_lipschitz")[0]
    slack = ROUNDING * rows["objective_value"].iloc[0]
    linear = sublinear = np.inf
    for i, start in enumerate(since(listed(rows, "listed_identified"))):
        for k in range(start, len(t) - 1):
            after = max(gap[k + 1, i], 1e-300)
            bound = factor[i] ** (t[k + 1] - t[k]) * gap[k, i]
            linear = min(linear, (bound + slack) / after)
            bound = L_S[i] * distance[start, i] / (2 * (t[k + 1] - t[start]))
            sublinear = min(sublinear, (bound + slack) / after)
    return (linear, sublinear) if np.isfinite(linear) else (np.nan, np.nan)


def figure(df):
    panels = []
    for problem, rows in problems(df).items():
        later = rows[rows["stop_val"] > 0]
        panels.append(Panel(
            f"Signs found, {problem}", "iterations", "share of samples",
            [band(where(later, name), "objective_identified", class_of(name))
             for name in SOLVERS], log="x"))
    one = where(df[df["p_obj_reg"] == REGS[0]], ORACLE)
    one = one[one["base_seed"] == one["base_seed"].min()]
    t = one["stop_val"].to_numpy()
    gap = listed(one, "listed_suboptimality")
    factor = listed(one, "listed_contraction")[0]
    first = since(listed(one, "listed_identified"))
    curves = []
    for i in range(min(3, gap.shape[1])):
        shown = gap[:, i] > 1e-15
        curves.append(Curve(f"sample {i + 1}", t[shown].tolist(),
                            gap[shown, i].tolist()))
        start = first[i]
        if start < len(t) and gap[start, i] > 0:
            bound = gap[start, i] * factor[i] ** (t - t[start])
            shown = (np.arange(len(t)) >= start) & (bound > 1e-15)
            curves.append(Curve(
                f"bound from T*, sample {i + 1}", t[shown].tolist(),
                bound[shown].tolist(), mode="lines", dash="dash"))
    return [*panels, Panel(
        f"Oracle-ISTA, reg {REGS[0]}, one seed", "iterations",
        "F - F* of a sample", curves, log="y")]
