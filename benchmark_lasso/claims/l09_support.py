"""After a finite T*, ISTA and Oracle ISTA have found the support (and signs)
of z*; from then on Oracle ISTA converges linearly, F(z_t+k) - F* <= (1 -
mu*/L_S*)^k (F(z_t) - F*), with the extreme eigenvalues mu* and L_S* of
D_S*'D_S*, for each sample."""
import json

import numpy as np

from ci.claims.claim import Check, Curve, Panel, Run, band, where

from ._problems import ABLIN, FEW, REGS, SMALL, lasso, problems

TITLE = "Support found, then a linear rate"
SOURCE = f"""{ABLIN}; J. Liang, J. Fadili and G.
Peyre, Local linear convergence of forward-backward under partial smoothness,
NeurIPS 2014."""

SOLVERS = ["ISTA", "Oracle-ISTA"]
ROUNDING = 1e-14
"""Rounding error of a gap, relative to the cost at the start."""


def runs(full):
    if full:
        return [Run(lasso(0.5, 0.8), [FEW], SOLVERS),
                Run(lasso(*REGS), [SMALL], SOLVERS)]
    return [Run(lasso(*REGS), [SMALL], SOLVERS)]


def listed(rows, column):
    """A metric of the samples one by one, (n_evaluations, n_samples)."""
    return np.array([json.loads(v) for v in rows[f"objective_{column}"]])


def since(identified):
    """Return the row from which each sample stays identified, or n_rows."""
    lost = np.cumsum(~identified[::-1], axis=0)[::-1] > 0
    return lost.sum(axis=0)


def check(df):
    numbers, holds, ratios = {}, True, []
    for problem, rows in problems(df).items():
        for name in SOLVERS:
            one = where(rows, name)
            share = one["objective_identified"].iloc[-1]
            numbers[f"{name}: share identified at the end, {problem}"] = share
            found = one.loc[one["objective_identified"] == 1, "stop_val"]
            numbers[f"{name}: all identified after, {problem}"] = (
                float(found.min()) if len(found) else "never")
            holds &= share == 1
        t = one["stop_val"].to_numpy()
        gap = listed(one, "listed_suboptimality")
        factor = listed(one, "listed_contraction")[0]
        first = since(listed(one, "listed_identified"))
        slack = ROUNDING * one["objective_value"].iloc[0]
        worst, pairs = 0.0, 0
        for i, start in enumerate(first):
            for k in range(start, len(t) - 1):
                bound = factor[i] ** (t[k + 1] - t[k]) * gap[k, i]
                holds &= gap[k + 1, i] <= bound + slack
                if gap[k + 1, i] > slack:
                    worst = max(worst, gap[k + 1, i] / (bound + slack))
                    pairs += 1
        ratios.append(worst)
        numbers[f"Oracle-ISTA: largest gap / linear bound, {problem}"] = worst
        numbers[f"pairs of iterations compared, {problem}"] = pairs
    return Check(holds, {
        "Oracle-ISTA: largest gap / linear bound": max(ratios), **numbers})


def figure(df):
    panels = []
    for problem, rows in problems(df).items():
        later = rows[rows["stop_val"] > 0]
        panels.append(Panel(
            f"Signs found, {problem}", "iterations", "share of samples",
            [band(where(later, name), "objective_identified", name)
             for name in SOLVERS], log="x"))
    one = where(df[df["p_obj_reg"] == REGS[0]], "Oracle-ISTA")
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
