"""What the claims about TV regression share: problems, solvers, sources."""
from ci.claims.claim import where
from ci.claims.effects import iterations, over_seeds, quotients
from ci.claims.networks import published
from ci.claims.parts import RATIO, Part
from ci.names import class_of

PAPER = """H. Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV
regularised problems with unrolled algorithms, NeurIPS 2020,
arXiv:2010.09545"""

PUBLISHED = "n_dim=5,n_times=8,signals=jumps,unit_norm=columns"
"""The paper's: k=8, n=5, one jump, an SNR of 0 dB."""
SIMULATED = f"Simulated[{PUBLISHED},n_train=1000,n_test=1000]"
SMALL = f"Simulated[{PUBLISHED},n_train=200,n_test=200]"
FMRI = "fMRILike[n_scans=250,n_train=400,n_test=100]"
SHORT_FMRI = "fMRILike[n_scans=60,n_train=100,n_test=50]"
REGS = 0.1, 0.8
CONSTANT, LEAST_SQUARES = "constant", "least-squares"
"""What all methods start from: the suite's, and the paper's x pinv(A)'."""
NO_BOUND = 3600.0
"""Seconds that no algorithm takes for the iterations that a claim gives it."""

LEVELS = 1e-1, 1e-2, 1e-3
"""Accuracies: the mean gap over that of the start."""


def simulated(full):
    """The data of the paper's figures of networks by depth."""
    return [SIMULATED if full else SMALL]


def depth(full):
    """Layers of the deepest networks, which has 40 in the paper's figures."""
    return 20 if full else 3


def tv(*regs, max_iter=None, init=CONSTANT):
    """The objective at these levels of sparsity, from this start.

    Algorithms have a second, or max_iter iterations where that is given: then
    no result depends on what else the machine does.
    """
    bound = "max_time=1.0" if max_iter is None else (
        f"max_iter={max_iter},max_time={NO_BOUND}")
    return [f"TV[data_fit=quad,init={init},{bound},reg={reg}]"
            for reg in regs]


def as_published(name, max_layers, steps=300, **options):
    """A network trained by the paper's descent, whose steps are shared out
    among its depth and all below it; what differs, the claims say."""
    return published(name, max_layers, steps, layerwise="recursive", **options)


def problems(df):
    """Name -> rows of each data set, level of sparsity and start."""
    named = {}
    for (dataset, reg, init), rows in df.groupby(
            ["dataset_name", "p_obj_reg", "p_obj_init"]):
        name = class_of(dataset)
        if name == "Simulated":
            name = "{p_dataset_n_dim:g} x {p_dataset_n_times:g}".format(
                **rows.iloc[0])
        start = ", from least squares" if init == LEAST_SQUARES else ""
        named[f"{name}, reg {reg:g}{start}"] = rows
    return named


def fewer_iterations(df, method, rival, place, **part):
    """The parts that compare the iterations to each of LEVELS, with fields
    of Part."""
    return [
        Part(f"{place}, to {level:g} of the first gap",
             f"iterations of {rival} / of {method}",
             over_seeds(quotients(*(iterations(where(df, solver), level)
                                    for solver in (rival, method))), RATIO),
             **part)
        for level in LEVELS]
