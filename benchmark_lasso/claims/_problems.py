"""What the claims about the Lasso share: problems, solvers, sources."""
from ci.names import class_of
from unrolling.bench.plots import in_layers

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
MANY_SEEDS = 10
"""Seeds that agree exactly, as on a depth, decide among many parts from so
many on."""
DIGITS = "Digits[n_atoms=256,n_train=1000]"
"""The 8 x 8 digits of the papers."""

FISTA = "FISTA[restart=False]"
"""FISTA as published, to which its rate applies."""
ORACLE = "Oracle-ISTA[max_time=300.0]"
"""Oracle ISTA, its iterations counted: no limit on its time cuts it off."""
NETWORKS = ["Step-LISTA", "LISTA", "Coupled-LISTA"]
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


def problems(df):
    """Name -> rows of each data set and level of sparsity."""
    named = {}
    for (dataset, reg), rows in df.groupby(["dataset_name", "p_obj_reg"]):
        kind = class_of(dataset).lower()
        if kind == "simulated":
            kind = "{p_dataset_n_dim:g} x {p_dataset_n_atoms:g}".format(
                **rows.iloc[0])
        named[f"{kind}, reg {reg:g}"] = rows
    return named


def by_signals(df):
    """Name -> rows of each problem, by the kind of its signals."""
    return {f"{signals}, {place}": rows
            for signals, of in df.groupby("p_dataset_signals")
            for place, rows in problems(of).items()}


def at_cost(df):
    """Results by what they cost, in layers: two products with D or D' each.

    Parameters
    ----------
    df : DataFrame, with objective_products where a solver counts them

    Returns
    -------
    DataFrame, in whose stop_val they stand; the start costs nothing.
    """
    return df.assign(stop_val=in_layers(df).where(df["stop_val"] > 0, 0))


def at_median_cost(df):
    """The same for curves: at each iteration the median of the seeds."""
    iterations = [df[name] for name in (
        "solver_name", "dataset_name", "objective_name", "stop_val")]
    return df.assign(stop_val=at_cost(df)["stop_val"].groupby(
        iterations).transform("median"))
