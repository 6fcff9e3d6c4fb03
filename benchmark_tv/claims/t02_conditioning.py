"""For A with iid normal entries, the Lipschitz constants of synthesis and
analysis have a ratio ||A L||^2 / ||A||^2, L the cumulated sums, that is above
(2k + 1) / (4 pi^2) on average and grows as about k^2, k the number of times:
steps of synthesis are that much shorter."""
import numpy as np

from ci.claims.claim import Curve, Panel, Run, band, by_seed, where
from ci.claims.effects import over_seeds
from ci.claims.parts import DIFFERENCE, NO_WORSE, RATIO, Part

from ._problems import PAPER, tv

TITLE = "Synthesis is worse conditioned, as k^2"
SOURCE = f"{PAPER}, proposition on the singular values of A L, and its figure"
CHANGES = """The rows of A have unit norm, and k ends at 200, where the
authors' ends at 1000: the ratio does not depend on the scale of A."""

SOLVER, COLUMN = "PGD", "objective_synthesis_L"


def runs(full):
    sizes = (5, 10, 20, 50, 100, 200) if full else (5, 20, 80)
    return [Run(tv(0.8), [
        f"Simulated[n_dim={k},n_times={k},n_train=2,n_test=2]" for k in sizes],
        [SOLVER], 20 if full else 5)]


def bound(k):
    """(2k + 1) / (4 pi^2)."""
    return (2 * np.asarray(k) + 1) / (4 * np.pi**2)


def ratios(df):
    """k -> the ratio on each seed."""
    rows = where(df, SOLVER).groupby(
        ["p_dataset_n_times", "base_seed"])[COLUMN].first()
    return {int(k): of.to_numpy() for k, of in rows.groupby(level=0)}


def check(df):
    parts = [Part(f"k = {k}", "ratio of the constants / its bound",
                  over_seeds(of / bound(k), RATIO), 1.0)
             for k, of in ratios(df).items()]
    exponents = []
    for rows in by_seed(df).values():
        of = ratios(rows)
        exponents.append(np.polyfit(
            np.log([*of]), np.log([v[0] for v in of.values()]), 1)[0])
    return [*parts, Part(
        f"k = {min(of)} to {max(of)}", "-|exponent of k - 2|",
        over_seeds([-abs(p - 2) for p in exponents], DIFFERENCE,
                   exponent=float(np.mean(exponents))), NO_WORSE)]


def figure(df):
    rows = where(df, SOLVER)
    rows = rows[rows["stop_val"] == rows["stop_val"].min()]
    measured = band(rows, COLUMN, "measured", x="p_dataset_n_times")
    k = measured.x
    return [Panel("Lipschitz constants", "k", "||A L||² / ||A||²", [
        measured,
        Curve("(2k + 1) / 4π²", k, bound(k).tolist(), mode="lines",
              dash="dash"),
        Curve("k²", k, [float(v) ** 2 for v in k], mode="lines",
              dash="dot")])]
