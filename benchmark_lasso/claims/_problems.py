"""What the claims about the Lasso share: problems, solvers, sources."""
import json

from ci.claims.claim import band, where
from ci.claims.effects import at, compare
from ci.claims.parts import (
    BETTER,
    EXTENDED,
    PUBLISHED,
    SOURCE,
    STRONGER,
    Part,
)

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
SPARSE = WHITE.replace("white", "sparse")
SMALL_SPARSE = SMALL.replace("white", "sparse")
REGS = 0.1, 0.8
DIGITS = "Digits[n_atoms=256,n_train=1000]"
"""The 8 x 8 digits of the papers."""

FISTA = "FISTA[restart=False]"
"""FISTA as published, to which its rate applies."""
MATRICES = ["LISTA", "Coupled-LISTA"]
NETWORKS = ["Step-LISTA", *MATRICES]
"""The networks that start from ISTA."""

def data(full):
    """The data sets of the papers' figures of networks by depth."""
    return [CODES, DIGITS] if full else [SMALL_CODES]


def depth(full):
    """Layers of the networks in the papers' figures, and in quick mode."""
    return 20 if full else 5


def lasso(*regs):
    """The objective at these levels of sparsity."""
    return [f"Lasso[reg={reg}]" for reg in regs]


def published(name, max_layers, steps=300, loss="unsupervised",
              perturbation=0.0, measure_layers=False):
    """A network as its authors train it, named by all that sets it apart.

    Each depth is trained at once, by gradient descent with backtracking from
    the untrained network, on all samples; it is not safeguarded.
    """
    return (f"{name}[descent_steps={steps},layerwise=none,loss={loss},"
            f"max_layers={max_layers},measure_layers={measure_layers},"
            f"perturbation={perturbation},safeguarded=False]")


def stronger(name, max_layers, loss="unsupervised", perturbation=0.0,
             measure_layers=False):
    """A network as the suite trains it, safeguarded where it is trained on
    the cost: its scalars first, in stages, then its arrays, validated."""
    return (f"{name}[descent_steps=0,layerwise=scalars,loss={loss},"
            f"max_layers={max_layers},measure_layers={measure_layers},"
            f"perturbation={perturbation},safeguarded=True]")


def untrained(name, max_layers, perturbation=0.0, measure_layers=False):
    """A network that is its algorithm, where nothing is perturbed."""
    return stronger(name, max_layers, "none", perturbation, measure_layers)


TRAINERS = {
    (SOURCE, PUBLISHED, False): published,
    (EXTENDED, STRONGER, True): stronger,
}
"""Regime, trainer and whether it is safeguarded -> how it is selected."""


def short(name):
    """A solver's name without its parameters."""
    return name.split("[")[0]


def gap_ratio(df, method, rival, T, where_, bar=BETTER, key="suboptimality",
              **part):
    """The part that compares two solvers at depth or iteration T.

    Parameters
    ----------
    df : DataFrame, results on one problem
    method, rival : str, selectors
    T : float or None, see `ci.claims.effects.at`
    where_ : str, the part's place
    bar, **part : fields of Part
    key : str, see `ci.claims.effects.compare`

    Returns
    -------
    Part
    """
    what = {"suboptimality": "gap", "error": "error",
            "distance": "distance to z*"}[key]
    return Part(
        where_, f"{what} of {short(rival)} / of {short(method)}",
        compare(at(where(df, method), T), at(where(df, rival), T), key),
        bar, **part)


def depths(df, name):
    """The depths at which a network was sampled, without 0."""
    return sorted({float(T) for T in where(df, name)["stop_val"]} - {0.0})


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
