"""Step-LISTA has T parameters, coupled LISTA has (2 + mn)T: it is "easier to
generalize". Trained on fewer samples than coupled LISTA has parameters,
Step-LISTA has the lower held-out loss."""
from ci.claims.claim import Panel, Run, band, where
from ci.claims.networks import depths, gap_ratio, trainers
from ci.claims.parts import EXTENDED

from ._problems import ABLIN, TALK, lasso

TITLE = "Fewer parameters generalise from fewer samples"
SOURCE = f"{TALK}; {ABLIN}, figure of the learning curve (5 x 10, lmbd = 0.3)"
CHANGES = """The median over draws is a mean over seeds with its interval. The
coupled LISTA here has a threshold for each atom, (1 + m + mn)T parameters: 610
with ten layers. More samples than parameters, LISTA with its two free
matrices, and the suite's trainer with validation, which the authors do not
use, are extended regimes."""

N_SEEDS = 10
SAMPLES = 10, 30, 100, 1000
NAMES = "Step-LISTA", "Coupled-LISTA", "LISTA"
"""The network of few parameters, the source's rival, and a larger one."""


def networks(T):
    """(regime, trainer, safeguarded) -> selectors of the networks of T
    layers."""
    return {how: [select(name, T, measure_layers=True) for name in NAMES]
            for how, select in trainers(steps=500).items()}


def runs(full):
    return [Run(lasso(0.3), [
        f"Simulated[n_dim=5,n_atoms=10,signals=codes,n_test=1000,n_train={n}]"
        for n in (SAMPLES if full else SAMPLES[::2])],
        [name for names in networks(10 if full else 5).values()
         for name in names],
        N_SEEDS if full else 5)]


def selectors(df):
    """The networks with which these results were made."""
    return networks(int(df["stop_val"].max()))


def check(df):
    parts = []
    for n, rows in df.groupby("p_dataset_n_train"):
        for (regime, trainer, safe), names in selectors(df).items():
            step, coupled, lista = names
            few = n < where(rows, coupled)["objective_n_parameters"].iloc[-1]
            deepest = max(depths(rows, step))
            parts += [gap_ratio(
                rows, step, rival, deepest, f"{n:g} training samples",
                regime=of, trainer=trainer, safeguarded=safe)
                for rival, of in ((coupled, regime if few else EXTENDED),
                                  (lista, EXTENDED))]
    return parts


def figure(df):
    panels = []
    for (_, trainer, _), names in selectors(df).items():
        curves = []
        for label, name in zip(NAMES, names, strict=True):
            rows = where(df, name)
            rows = rows[rows["stop_val"] == rows["stop_val"].max()]
            curves.append(band(rows, "objective_suboptimality", label,
                               x="p_dataset_n_train"))
        panels.append(Panel(trainer, "training samples",
                            "mean held-out F - F*", curves))
    return panels
