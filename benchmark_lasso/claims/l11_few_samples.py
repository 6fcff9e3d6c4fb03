"""Step-LISTA has T parameters, LISTA has (2 + mn)T: it is "easier to
generalize". Trained on few samples, Step-LISTA has the lower held-out loss."""
from ci.claims.claim import Panel, Run, band, where

from ._problems import (
    ABLIN,
    TALK,
    TRAINERS,
    depths,
    gap_ratio,
    lasso,
)

TITLE = "Fewer parameters generalise from fewer samples"
SOURCE = f"{TALK}; {ABLIN}, figure of the learning curve (5 x 10, lmbd = 0.3)"
CHANGES = """300 steps of descent, where the authors have 500. The median over
draws is a mean over seeds with its interval. With validation, which the
authors do not use, the suite's trainer is an extended regime."""

T, N_SEEDS = 10, 10
SAMPLES = 10, 30, 100, 1000
NAMES = "Step-LISTA", "LISTA"


def selectors():
    """(regime, trainer, safeguarded) -> selectors of the two networks."""
    return {how: [select(name, T, measure_layers=True) for name in NAMES]
            for how, select in TRAINERS.items()}


def runs(full):
    return [Run(lasso(0.3), [
        f"Simulated[n_dim=5,n_atoms=10,signals=codes,n_test=1000,n_train={n}]"
        for n in (SAMPLES if full else SAMPLES[::2])],
        [name for names in selectors().values() for name in names],
        N_SEEDS if full else 5)]


def check(df):
    parts = []
    for n, rows in df.groupby("p_dataset_n_train"):
        for (regime, trainer, safe), (step, lista) in selectors().items():
            deepest = max(depths(rows, step))
            parts.append(gap_ratio(
                rows, step, lista, deepest, f"{n:g} training samples",
                regime=regime, trainer=trainer, safeguarded=safe))
    return parts


def figure(df):
    panels = []
    for (_, trainer, _), names in selectors().items():
        curves = []
        for label, name in zip(NAMES, names, strict=True):
            rows = where(df, name)
            rows = rows[rows["stop_val"] == rows["stop_val"].max()]
            curves.append(band(rows, "objective_suboptimality", label,
                               x="p_dataset_n_train"))
        panels.append(Panel(trainer, "training samples",
                            "mean held-out F - F*", curves))
    return panels
