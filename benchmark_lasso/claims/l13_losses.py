"""Supervised training solves the inverse problem (error to the true code),
semi-supervised and unsupervised training solve the Lasso (distance to z*, and
F): each wins on its own metric, on held-out samples."""
from itertools import product

from ci.claims.claim import Panel, Run, band, where
from ci.claims.networks import depths, gap_ratio, stronger, suboptimality
from ci.claims.parts import EXTENDED, STRONGER

from ._problems import REGS, SMALL_SPARSE, SPARSE, TALK, lasso, problems

TITLE = "Each loss wins on its own metric"
SOURCE = f"""{TALK}; P. Ablin, Deep learning for inverse problems: solving the
Lasso with neural networks (talk, 2019)"""
CHANGES = """The talks name no set-up, and the authors' package trains on F
alone: the suite's set-up and trainer decide. Codes are Bernoulli-Gaussian, 5 %
of them not zero, without noise and with 10 % of it: dense codes in fewer
equations than unknowns cannot be recovered by anybody."""

NAMES = ["Step-LISTA", "Coupled-LISTA"]
OWN = {"supervised": "error", "semi-supervised": "distance",
       "unsupervised": "suboptimality"}
"""Loss -> the metric on which it is to win, as `compare` knows it."""


def runs(full):
    sparse = SPARSE if full else SMALL_SPARSE
    noisy = sparse.replace("sparse", "sparse,noise=0.1")
    return [Run(
        lasso(*REGS) if full else lasso(0.1),
        [sparse, noisy] if full else [noisy],
        [stronger(name, 10 if full else 5, loss, measure_layers=not full)
         for name, loss in product(NAMES, OWN)])]


def check(df):
    parts = []
    for (place, rows), name in product(by_noise(df).items(), NAMES):
        T = max(depths(rows, name))
        selectors = deepest(rows, name)
        for loss, key in OWN.items():
            parts += [gap_ratio(
                rows, selectors[loss], selectors[rival], T,
                f"{place}, {name}, {loss} against {rival}", key=key,
                regime=EXTENDED, trainer=STRONGER,
                safeguarded=loss != "supervised")
                for rival in OWN if rival != loss]
    return parts


def deepest(df, name):
    """Loss -> selector of a network, as deep as it was run."""
    T = int(max(depths(df, name)))
    full = len(depths(df, name)) > 1  # in quick mode only the deepest is
    return {loss: stronger(name, T, loss, measure_layers=not full)
            for loss in OWN}


def by_noise(df):
    """Name -> rows of each problem, at each level of noise."""
    return {f"{place}, noise {noise:g}": rows
            for noise, of in df.groupby("p_dataset_noise")
            for place, rows in problems(of).items()}


def figure(df):
    panels = []
    for (place, rows), name in product(by_noise(df).items(), NAMES):
        solvers = deepest(rows, name)
        panels += [
            Panel(f"{name}: the inverse problem, {place}",
                  "layers T", "NMSE [dB]",
                  [band(where(rows, solver), "objective_nmse_db", loss)
                   for loss, solver in solvers.items()], log=""),
            Panel(f"{name}: the Lasso, {place}", "layers T",
                  "mean held-out F - F*",
                  [suboptimality(rows, solver, loss)
                   for loss, solver in solvers.items()])]
    return panels
