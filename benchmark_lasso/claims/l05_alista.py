"""ALISTA's analytic weights work in the supervised framework (trained on
codes that can be recovered, it is closer to the true codes than ISTA at equal
T), and fail on the Lasso itself: trained on F, it is no better than ISTA."""
from ci.claims.claim import Panel, Run, band, where
from ci.claims.networks import (
    as_run,
    depths,
    gap_ratio,
    published,
    suboptimality,
)
from ci.claims.parts import EXTENDED, NO_WORSE

from ._problems import REGS, SMALL_SPARSE, SPARSE, data, depth, lasso, problems
from .l03_training_pays import TRAINERS

TITLE = "ALISTA recovers codes, and fails on the Lasso"
SOURCE = """P. Ablin, Deep learning for inverse problems: solving the Lasso
with neural networks (talk, 2019); J. Liu, X. Chen, Z. Wang and W. Yin, ALISTA:
analytic weights are as good as learned weights in LISTA, ICLR 2019."""
CHANGES = """1000 training samples and 300 steps of descent, where the authors
have 10^4 and 3000, and 500 simulated test samples of their 10^4: this stands
in for theirs. The codes to recover are Bernoulli-Gaussian, 5 % of them not
zero, without noise: the talk's dense codes in fewer equations than unknowns
cannot be recovered by anybody. For codes the talk names no set-up (networks
have up to 8 layers here) and no rival. There, ISTA's limit is the Lasso's
solution, which lmbd biases, while ALISTA is trained on the codes themselves,
without the support selection of its authors' code: that it is closer to them
is what "works" is taken to mean, and no advantage of its weights. Step-LISTA,
trained on the same codes in an extended regime, differs by the weights and by
its thresholds, which are tied to its steps where ALISTA's are free: which of
the two helps is not separated."""

ON_CODES = {name: f"{name}[loss=supervised]" for name in (
    "ALISTA", "Step-LISTA")}


def runs(full):
    T = depth(full)
    return [
        Run(lasso(*REGS), [SPARSE if full else SMALL_SPARSE],
            ["ISTA", *(published(name, min(T, 8), loss="supervised")
                       for name in ON_CODES)]),
        Run(lasso(*REGS), data(full), ["ISTA", *(
            select("ALISTA", T) for select in TRAINERS.values())]),
    ]


def split(df):
    """The rows on sparse codes, where codes are recovered, and the others."""
    sparse = df["dataset_name"].str.contains("signals=sparse")
    return df[sparse], df[~sparse]


def check(df):
    parts, (sparse, others) = [], split(df)
    (own, trainer, safe), _ = next(iter(TRAINERS.items()))
    for place, rows in problems(sparse).items():
        alista, step = ON_CODES.values()
        parts += [gap_ratio(
            rows, alista, rival, T, f"sparse codes, {place}, T = {T:g}",
            key="error", regime=regime, trainer=trainer, safeguarded=safe)
            for T in depths(rows, alista)
            for rival, regime in (("ISTA", own), (step, EXTENDED))]
    for place, rows in problems(others).items():
        for (regime, trainer, safe), select in TRAINERS.items():
            alista = as_run(rows, "ALISTA", select)
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
        [band(where(rows, "ISTA"), "objective_nmse_db", "ISTA"), *(
            band(where(rows, name), "objective_nmse_db",
                 f"{label}, supervised")
            for label, name in ON_CODES.items())], log="")
        for place, rows in problems(sparse).items()]
    return panels + [Panel(
        f"Trained on the Lasso, {place}", "iterations or layers T",
        "mean held-out F - F*", [suboptimality(rows, "ISTA"), *(
            suboptimality(rows, as_run(rows, "ALISTA", select),
                          f"ALISTA, {trainer}")
            for (_, trainer, _), select in TRAINERS.items())])
        for place, rows in problems(others).items()]
