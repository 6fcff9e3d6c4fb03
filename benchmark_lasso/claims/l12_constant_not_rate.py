"""Learned networks improve the constant, not the rate: from layer to layer
FISTA and coordinate descent gain at least as much as a deep network does, and
at equal products both are below each network from some depth sampled on."""
import numpy as np

from ci.claims.claim import Panel, Run, by_seed, where
from ci.claims.effects import over_seeds, quotients
from ci.claims.networks import stronger, suboptimality
from ci.claims.parts import (
    EXTENDED,
    NO_WORSE,
    RATIO,
    STRONGER,
    Part,
)
from ci.names import class_of

from ._problems import (
    MANY_SEEDS,
    REGS,
    TALK,
    at_cost,
    at_median_cost,
    data,
    depth,
    lasso,
    problems,
)

TITLE = "A better constant, not a better rate"
SOURCE = f"{TALK}; seen in the figures of the networks by depth"
CHANGES = """The talk names no set-up. That a solver which converges ends below
a network of any depth is nearly a theorem: both are compared at equal products
instead, and the solver has to be below at every depth from there on. The
rates are fitted here: the mean decrease of log10 of the gap by layer, over the
second half of the layers, or of those before convergence, a gap of 1e-10 of
the first. A layer and an iteration of FISTA are two products with D, 2nm
multiplications for each x. Those of coordinate descent are counted: m for each
atom that changes, and an x's share of D'D, which those of the test set
have in common."""

CLASSICAL = ["FISTA[restart=True]", "CD"]
DEEP, MATRICES = "Step-LISTA", "Coupled-LISTA"
"""The network that is deep enough for FISTA to catch up with it, and one that
learns matrices."""
CONVERGED = 1e-10


def networks(full):
    """The selectors of both networks."""
    return stronger(DEEP, 50 if full else 12), stronger(MATRICES, depth(full))


def runs(full):
    return [Run(lasso(*REGS), data(full), [
        *CLASSICAL, *networks(full)], MANY_SEEDS)]


def curves(df, name):
    """Layers, or what counts for them, and gaps over the first, by seed.

    Returns
    -------
    list of (ndarray, ndarray), a pair for each seed in order; gaps of what
    has converged are equal to CONVERGED
    """
    found = []
    for _, rows in sorted(by_seed(where(df, name)).items()):
        gap = rows["objective_suboptimality"].to_numpy()
        t = rows["stop_val"].to_numpy(dtype=float)
        found.append((t, np.maximum(gap / gap[0], CONVERGED)))
    return found


def decrease(df, name, last):
    """Mean decrease of log10 of the gap a layer, by seed, an array.

    From half of the layers on, up to `last` or to the last evaluation before
    convergence; NaN where the first evaluation after the start has converged.
    """
    rates = []
    for t, gap in curves(df, name):
        going = (t <= last) & (gap > CONVERGED)
        t, gap = t[going], gap[going]
        half = np.searchsorted(t, t[-1] / 2, side="right") - 1
        rates.append(np.log10(gap[half] / gap[-1]) / (t[-1] - t[half])
                     if t[-1] else np.nan)
    return np.maximum(rates, 0)


def caught_up(df, solver, network):
    """The depth sampled from which on a solver is not above a network at
    equal products, by seed, an array; infinite if there is none."""
    found = []
    for (t, gap), (T, of_network) in zip(
            curves(df, solver), curves(df, network), strict=True):
        of_solver = gap[np.searchsorted(t, T, side="right") - 1]
        above = np.flatnonzero(of_solver > of_network)
        first = above[-1] + 1 if len(above) else 1  # 0 layers are the start
        found.append(T[first] if first < len(T) else np.inf)
    return np.array(found, dtype=float)


def check(df):
    parts = []
    how = {"regime": EXTENDED, "trainer": STRONGER, "safeguarded": True}
    for place, rows in problems(at_cost(df)).items():
        for solver in CLASSICAL:
            label = class_of(solver)
            T = float(where(rows, DEEP)["stop_val"].max())
            parts.append(Part(
                f"{place}, T = {T / 2:g} to {T:g}, before convergence",
                f"decrease a layer, {label} / {DEEP}",
                over_seeds(quotients(decrease(rows, solver, T),
                                     decrease(rows, DEEP, T)), RATIO),
                NO_WORSE, **how))
            for name in (DEEP, MATRICES):
                T = float(where(rows, name)["stop_val"].max())
                since = caught_up(rows, solver, name)
                parts.append(Part(
                    f"{place}, equal products", f"{T:g} layers / those from "
                    f"which on {label} is below {name}", over_seeds(
                        T / since, RATIO, **{
                            "median number of these": np.median(since)}),
                    **how))
    return parts


def figure(df):
    return [
        Panel(problem, "layers T, or products with D that cost as much",
              "mean held-out F - F*",
              [suboptimality(rows[rows["stop_val"] <= 50], name)
               for name in [*CLASSICAL, DEEP, MATRICES]])
        for problem, rows in problems(at_median_cost(df)).items()
    ]
