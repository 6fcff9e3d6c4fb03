"""For A with iid normal entries, the Lipschitz constants of synthesis and
analysis have a ratio ||A L||^2 / ||A||^2, L the cumulated sums, whose
expectation is at least (2k + 1) / (4 pi^2) + o(1) as k, the number of times,
tends to infinity; empirically, it grows as k^2."""
import numpy as np

from ci.claims.claim import Curve, Panel, Run, band, by_seed, where
from ci.claims.effects import over_seeds
from ci.claims.parts import (
    DIFFERENCE,
    EXTENDED,
    NO_WORSE,
    Effect,
    Part,
)

from ._problems import PAPER, tv

TITLE = "Synthesis is worse conditioned, as k^2"
SOURCE = f"{PAPER}, proposition on the singular values of A L, and its figure"
CHANGES = """A is square, and k ends at 200, where the authors' ends at 1000.
The bound and the growth are said of large k: sizes of at least 50 decide, and
smaller ones are an extended regime."""

SOLVER, COLUMN = "PGD", "objective_synthesis_L"
LARGE = 50


def runs(full):
    sizes = (5, 10, 20, 50, 100, 200) if full else (5, 20, 50, 100)
    return [Run(tv(0.8), [
        f"Simulated[n_dim={k},n_times={k},unit_norm=neither,n_train=2,n_test=2]"
        for k in sizes], [SOLVER], 20 if full else 5)]


def bound(k):
    """(2k + 1) / (4 pi^2)."""
    return (2 * np.asarray(k) + 1) / (4 * np.pi**2)


def ratios(df):
    """k -> the ratio on each seed."""
    rows = where(df, SOLVER).groupby(
        ["p_dataset_n_times", "base_seed"])[COLUMN].first()
    return {int(k): of.to_numpy() for k, of in rows.groupby(level=0)}


def check(df):
    # an expectation: ratios are averaged, and not their logarithms
    parts = [Part(f"k = {k}", "mean ratio of the constants / its bound - 1",
                  over_seeds(of / bound(k) - 1), 0.0, **regime_of(k))
             for k, of in ratios(df).items()]
    return parts + [growth(df, least) for least in (
        LARGE, df["p_dataset_n_times"].min())]


def regime_of(k):
    """The fields of Part that say that small k are not the source's."""
    return {} if k >= LARGE else {"regime": EXTENDED}


def growth(df, least):
    """The part of the exponent of k, fitted to the sizes from `least` on."""
    exponents = []
    for rows in by_seed(df[df["p_dataset_n_times"] >= least]).values():
        of = ratios(rows)
        exponents.append(np.polyfit(
            np.log([*of]), np.log([v[0] for v in of.values()]), 1)[0])
    fitted = over_seeds(exponents)
    ends = abs(fitted.low - 2), abs(fitted.high - 2)
    nearest = 0.0 if fitted.low <= 2 <= fitted.high else -min(ends)
    return Part(
        f"k = {min(of)} to {max(of)}", "-|exponent of k - 2|",
        Effect(-abs(fitted.value - 2), -max(ends), nearest, DIFFERENCE,
               {"exponent": fitted.value}), NO_WORSE, **regime_of(least))


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
