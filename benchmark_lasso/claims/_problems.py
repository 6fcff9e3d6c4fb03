"""What the claims about the Lasso share: problems, solvers, sources."""
import json

from ci.claims.claim import band, where

ABLIN = (
    "P. Ablin, T. Moreau, M. Massias and A. Gramfort, Learning step sizes for "
    "unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071")
TALK = "T. Moreau, Learning to optimize with unrolled algorithms (talk)"

SMALL = "Simulated[n_dim=10,n_atoms=20,signals=white,n_train=200,n_test=100]"
"""The 10 x 20 problem, for quick mode: claims that run it at the levels of
sparsity REGS share their calls of benchopt."""
SMALL_CODES = SMALL.replace("white", "codes")
WHITE = "Simulated[n_dim=64,n_atoms=256,signals=white,n_train=1000,n_test=500]"
"""The simulated data of the papers: m=256 atoms, n=64."""
CODES = WHITE.replace("white", "codes")
FEW = WHITE.replace("n_test=500", "n_test=50")
"""Few test samples, for solvers with a decomposition per sample."""
REGS = 0.1, 0.8
DIGITS = "Digits[n_atoms=256,n_train=1000]"
"""The 8 x 8 digits of the papers."""

FISTA = "FISTA[restart=False]"
"""FISTA as published, to which its rate applies."""
MATRICES = ["LISTA", "Coupled-LISTA"]
NETWORKS = ["Step-LISTA", *MATRICES]
"""The networks that start from ISTA."""

ROUNDING = 1e-13
"""Relative: two costs that differ by less are equal."""


def data(full):
    """The data sets of a claim about networks in general."""
    return [WHITE, DIGITS] if full else [SMALL]


def depth(full):
    """Layers of the networks in the papers' figures, and in quick mode."""
    return 20 if full else 8


def lasso(*regs):
    """The objective at these levels of sparsity."""
    return [f"Lasso[reg={reg}]" for reg in regs]


def learned(name, max_layers, loss="unsupervised", layerwise="network",
            measure_layers=False):
    """A network, named by all that distinguishes it from others.

    It is trained as published: each depth from the one before, arrays too,
    and without a weight decay towards the untrained network.
    """
    return (f"{name}[decay=0,layerwise={layerwise},loss={loss},"
            f"max_layers={max_layers},measure_layers={measure_layers}]")


def problems(df):
    """Name -> rows of each data set and level of sparsity."""
    named = {}
    for (dataset, reg), rows in df.groupby(["dataset_name", "p_obj_reg"]):
        kind = dataset.split("[")[0].lower()
        if kind == "simulated":
            kind = "{p_dataset_n_dim:g} x {p_dataset_n_atoms:g}".format(
                **rows.iloc[0])
        named[f"{kind}, reg {reg:g}"] = rows
    return named


def curve(df, name, column="suboptimality"):
    """A metric of a solver, on one problem and seed, by iteration."""
    rows = where(df, name)
    return rows.set_index("stop_val")[f"objective_{column}"]


def layers(df, name, column):
    """A measure of each layer of the deepest network, a list."""
    rows = where(df, name)
    return json.loads(rows[f"objective_{column}"].iloc[-1])


def suboptimality(df, name, label=None):
    """Its curve over the seeds, without the start, for a log axis."""
    rows = where(df, name)
    rows = rows[(rows["stop_val"] > 0)
                & (rows["objective_suboptimality"] > 1e-16)]
    return band(rows, "objective_suboptimality", label or name.split("[")[0])
