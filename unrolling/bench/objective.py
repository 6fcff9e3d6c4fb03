"""The base of every benchmark's objective: what benchopt leaves to it."""
import json
import sys
from functools import wraps
from pathlib import Path

import numpy as np
from benchopt import BaseObjective

from unrolling.bench.samples import asked
from unrolling.fingerprint import source_files
from unrolling.weights import digest


class BenchmarkObjective(BaseObjective):
    """Base of the objectives: bad data are refused, results know their code.

    A benchmark's `objective.py` derives `Objective` from it and writes
    benchopt's methods, with `check` in the place of `skip`.

    benchopt caches results under the solver's file and parameters. The sources
    of the objective and of the data sets, and all that these and the solvers
    import, are part of that key here: after an edit, no old result is found.
    """

    def check(self, **data):
        """ValueError or TypeError, with the reason, if the data are bad."""

    def skip(self, unavailable=None, **data):
        """Refuse bad data here, so that the other data sets still run.

        Parameters
        ----------
        unavailable : str or None
            Why the data set cannot be had, see `unrolling.data.refused`.
        **data
            Otherwise, what the data set returns.

        Returns
        -------
        bool, str or None
            Whether the data are refused, and the reason.
        """
        if unavailable:
            return True, unavailable
        try:
            self.check(**data)
        except (ValueError, TypeError) as error:
            return True, str(error)
        return False, None

    def _get_state(self):
        """Part of the cache key: the sources that benchopt does not see, and
        whether each sample's metrics are written, see `bench.samples`."""
        here = Path(sys.modules[type(self).__module__].__file__).parent
        solvers = set(here.resolve().glob("solvers/*.py"))
        files = source_files(
            here / "objective.py", *here.glob("datasets/**/*.py"),
            *here.glob("benchmark_utils/**/*.py"), *solvers)
        return {"samples": asked(), "sources": digest(
            *(path.read_text("utf-8") for path in files
              if path not in solvers))}

    def __setstate__(self, state):
        """The fingerprint belongs to the key, not to the instance."""


def check_truth(name, values, shape, axes, what):
    """ValueError unless what generated the data is finite and of its shape.

    Parameters
    ----------
    name : str
        What the data set calls it, such as "z_test".
    values : array-like
    shape : tuple of int
    axes, what : str
        For the message: "n_samples, n_atoms", "codes".
    """
    if np.shape(values) != shape:
        raise ValueError(
            f"{name} must have shape ({axes}) = {shape}, got "
            f"{np.shape(values)}: give one row per sample, or no {what}"
        )
    if not np.isfinite(values).all():
        raise ValueError(
            f"{name} must be finite, got NaN or infinite entries: give finite "
            f"{what}, or none"
        )


def check_result(name, value, shape, axes):
    """ValueError unless what a solver returns has a shape.

    Parameters
    ----------
    name : str, its key in what `get_result` returns
    value : array-like
    shape : tuple of int
    axes : str, what they count, such as "(n_samples, n_atoms)"
    """
    if np.shape(value) != tuple(shape):
        raise ValueError(
            f"{name} must have shape {axes} = {tuple(shape)}, got "
            f"{np.shape(value)}: return it so from get_result")


def cost_metrics(cost, suboptimality):
    """Metrics of each sample's cost, and of its excess over the least one.

    Parameters
    ----------
    cost, suboptimality : ndarray, shape (n_samples,)

    Returns
    -------
    dict of str to float
        value, suboptimality : means over the samples.
        suboptimality_median, suboptimality_worst : over the samples.
    """
    return {
        "value": cost.mean(),
        "suboptimality": suboptimality.mean(),
        "suboptimality_median": np.median(suboptimality),
        "suboptimality_worst": suboptimality.max(),
    }


def encode(metrics):
    """Metrics as a table takes them: numbers as float, lists as JSON.

    Parameters
    ----------
    metrics : dict of str to float, int, numpy scalar, str or list

    Returns
    -------
    dict of str to float, int or str
    """
    return {name: json.dumps(value) if isinstance(value, list)
            else value if isinstance(value, (str, int)) else float(value)
            for name, value in metrics.items()}


def computed_once(function):
    """Decorator: a function of arrays and numbers remembers its results.

    benchopt copies the objective for each solver, without its data. What
    `set_data` computes at some cost, such as a reference optimum, is computed
    by such a function: once in a process for each content of its arguments.
    """
    results = {}

    @wraps(function)
    def remembered(*arguments):
        key = digest(*arguments)
        if key not in results:
            results[key] = function(*arguments)
        return results[key]

    return remembered
