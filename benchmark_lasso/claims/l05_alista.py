"""ALISTA's analytic weights work in the supervised framework (trained on
codes that can be recovered, it is closer to the true codes than ISTA at equal
T), and fail on the Lasso itself: trained on F, it is no better than ISTA."""
from ci.claims.claim import Panel, Run, band, where
from ci.claims.parts import NO_WORSE

from ._problems import (
    REGS,
    SMALL_SPARSE,
    SPARSE,
    TRAINERS,
    data,
    depth,
    depths,
    gap_ratio,
    lasso,
    problems,
    published,
    suboptimality,
)
from .l03_training_pays import selected

TITLE = "ALISTA recovers codes, and fails on the Lasso"
SOURCE = """P. Ablin, Deep learning for inverse problems: solving the Lasso
with neural networks (talk, 2019); J. Liu, X. Chen, Z. Wang and W. Yin, ALISTA:
analytic weights are as good as learned weights in LISTA, ICLR 2019."""
CHANGES = """1000 training samples and 300 steps of descent, where the authors
have 10^4 and 3000. The codes to recover are Bernoulli-Gaussian, 5 % of them
not zero, without noise: the talk's dense codes in fewer equations than
unknowns cannot be recovered by anybody."""


def runs(full):
    T = depth(full)
    return [
        Run(lasso(*REGS), [SPARSE if full else SMALL_SPARSE],
            ["ISTA", published("ALISTA", T, loss="supervised")]),
        Run(lasso(*REGS), data(full), ["ISTA", *(
            select("ALISTA", T) for select in TRAINERS.values())]),
    ]


def split(df):
    """The rows on sparse codes, where codes are recovered, and the others."""
    sparse = df["dataset_name"].str.contains("signals=sparse")
    return df[sparse], df[~sparse]


def check(df):
    parts, (sparse, others) = [], split(df)
    (source, trainer, safe), _ = next(iter(TRAINERS.items()))
    for place, rows in problems(sparse).items():
        alista = "ALISTA[loss=supervised]"
        parts += [gap_ratio(
            rows, alista, "ISTA", T, f"sparse codes, {place}, T = {T:g}",
            key="error", regime=source, trainer=trainer, safeguarded=safe)
            for T in depths(rows, alista)]
    for place, rows in problems(others).items():
        for (regime, trainer, safe), select in TRAINERS.items():
            alista = selected(rows, "ALISTA", select)
            parts += [gap_ratio(
                rows, "ISTA", alista, T, f"{place}, T = {T:g}", NO_WORSE,
                regime=regime, trainer=trainer, safeguarded=safe)
                for T in depths(rows, alista)]
    return parts


def figure(df):
    deepest = where(df, "ALISTA")["stop_val"].max()
    sparse, others = split(df[df["stop_val"] <= deepest])
    panels = [Panel(
        f"Recovery of sparse codes, {place}", "iterations or layers T",
        "NMSE [dB]",
        [band(where(rows, name), "objective_nmse_db", label)
         for name, label in [("ALISTA[loss=supervised]", "ALISTA, supervised"),
                             ("ISTA", "ISTA")]], log="")
        for place, rows in problems(sparse).items()]
    return panels + [Panel(
        f"Trained on the Lasso, {place}", "iterations or layers T",
        "mean held-out F - F*", [suboptimality(rows, "ISTA"), *(
            suboptimality(rows, selected(rows, "ALISTA", select),
                          f"ALISTA, {trainer}")
            for (_, trainer, _), select in TRAINERS.items())])
        for place, rows in problems(others).items()]
