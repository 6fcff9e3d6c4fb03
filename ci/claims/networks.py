"""What claims about unrolled networks share: trainers, and comparisons."""
import json
from functools import partial

import numpy as np

from ci.claims.claim import band, where
from ci.claims.effects import at, compare, over_seeds, paired, quotients
from ci.claims.parts import (
    BETTER,
    EXTENDED,
    PUBLISHED,
    RATIO,
    SOURCE,
    STRONGER,
    Part,
)
from ci.names import class_of


def published(name, max_layers, steps=300, loss="unsupervised",
              perturbation=0.0, measure_layers=False, layerwise="none"):
    """A network as its authors train it, named by all that sets it apart.

    Each depth is trained by gradient descent with backtracking, on all
    samples, not safeguarded: at once from the untrained network
    (layerwise="none") or from the depth before it ("network"), or through all
    depths below it in turn, which share the steps ("recursive").
    """
    return (f"{name}[descent_steps={steps},layerwise={layerwise},loss={loss},"
            f"max_layers={max_layers},measure_layers={measure_layers},"
            f"perturbation={perturbation},safeguarded=False]")


def stronger(name, max_layers, loss="unsupervised", perturbation=0.0,
             measure_layers=False):
    """A network as the suite trains it, safeguarded where it is trained on
    the cost: its scalars first, in stages, then its arrays, validated."""
    return (f"{name}[descent_steps=0,layerwise=best,loss={loss},"
            f"max_layers={max_layers},measure_layers={measure_layers},"
            f"perturbation={perturbation},safeguarded=True]")


def untrained(name, max_layers, perturbation=0.0, measure_layers=False):
    """A network that is its algorithm, where nothing is perturbed."""
    return stronger(name, max_layers, "none", perturbation, measure_layers)


def trainers(deciding=SOURCE, steps=300):
    """Regime, trainer and whether it is safeguarded -> how it is selected.

    Parameters
    ----------
    deciding : str, the regime of the published trainer
    steps : int, its steps of descent
    """
    return {(deciding, PUBLISHED, False): partial(published, steps=steps),
            (EXTENDED, STRONGER, True): stronger}


def as_run(df, name, select):
    """A trainer's selector of a network, as deep as it was run."""
    own = df[df["solver_name"].str.startswith(f"{name}[")]
    return select(name, int(own["stop_val"].max()))


def depths(df, name):
    """The depths at which a network was sampled, without 0."""
    return sorted({float(T) for T in where(df, name)["stop_val"]} - {0.0})


def has_depth(df, max_layers):
    """Tell whether there are results of networks of so many layers at most,
    which tells the full mode from the quick one."""
    return df["solver_name"].str.contains(f"max_layers={max_layers}").any()


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
    what = {"suboptimality": "gap", "error": "squared error",
            "distance": "squared distance to z*"}[key]
    return Part(
        where_, f"{what} of {class_of(rival)} / of {class_of(method)}",
        compare(at(where(df, method), T), at(where(df, rival), T), key),
        bar, **part)


def median_ratio(df, method, rival, T, where_, bar=BETTER, **part):
    """The same of the medians over the test samples, whose ratio is one number
    for each seed; see `gap_ratio`."""
    ours, theirs = zip(*(map(np.median, pair) for pair in paired(
        at(where(df, method), T), at(where(df, rival), T),
        "suboptimality")), strict=True)
    return Part(
        where_,
        f"median gap of {class_of(rival)} / of {class_of(method)}",
        over_seeds(quotients(theirs, ours), RATIO), bar, **part)


def layers(df, name, column):
    """A measure of each layer of the deepest network, a list."""
    rows = where(df, name)
    return json.loads(rows[f"objective_{column}"].iloc[-1])


def suboptimality(df, name, label=None):
    """Its curve over the seeds, without the start, for a log axis."""
    rows = where(df, name)
    rows = rows[(rows["stop_val"] > 0)
                & (rows["objective_suboptimality"] > 1e-16)]
    return band(rows, "objective_suboptimality", label or class_of(name))
