"""A published claim, and what makes it executable.

A claim is one file, named like `<benchmark>/claims/l03_training_pays.py` for
the claim L3, that holds

- a docstring, the claim as a sentence (shown as it is);
- `TITLE`, the claim in a few words, and `SOURCE`, who published it, where;
- `CHANGES`, what differs here from the source's set-up, and why; empty if
  nothing does;
- `runs(full)`, a list of Run: what benchopt runs, at the published sizes if
  full, else small enough for every pull request;
- `check(df)`, a pure function of the results of all seeds: a list of Part, the
  comparisons of which the claim consists, see `ci.claims.parts`;
- `figure(df)`, a list of Panel, from the results of all seeds.

Its file imports from this module what it needs (Run, Panel, Curve, `where`,
`by_seed`, `band`), and effects with their intervals from `ci.claims.effects`.
"""

import importlib
import sys
import traceback
from functools import cache
from typing import NamedTuple

import numpy as np
from benchopt.utils.parametrized_name_mixin import _extract_options

from ci import UserError

N_SEEDS = 5
"""Draws of the data, and trainings, on which a claim is judged at least."""


class Run(NamedTuple):
    """Every solver on every data set and objective of the benchmark.

    Each is a list of selectors as benchopt's, `Name[parameter=value]`, with
    one value per parameter; `n_seeds` is how often it is run.
    """

    objective: list
    dataset: list
    solver: list
    n_seeds: int = N_SEEDS


class Curve(NamedTuple):
    """One line of a panel, with a band where low and high are given."""

    label: str
    x: list
    y: list
    low: list = None
    high: list = None
    mode: str = "lines+markers"
    dash: str = "solid"


class Panel(NamedTuple):
    """One plot of a figure; `log` names the axes that are logarithmic."""

    title: str
    xlabel: str
    ylabel: str
    curves: list
    log: str = "xy"


class Missing(Exception):
    """The results lack rows that a claim needs: it is not run."""


def blamed(function, error):
    """Print the traceback of an error in a claim's file, to stderr.

    Parameters
    ----------
    function : str, check or figure
    error : Exception that it raised

    Returns
    -------
    str, the reason in one line
    """
    traceback.print_exception(error)
    return f"its {function} ended with {type(error).__name__}: {error}"


@cache
def matches(name, selector):
    """Tell whether a selector selects a name of benchopt.

    Parameters
    ----------
    name : str, with all parameters, `Name[a=1,b=2]`
    selector : str, with some of them

    Returns
    -------
    bool
    """
    base, _, wanted = _extract_options(selector)
    own_base, _, own = name.partition("[")
    # some values make a name that benchopt itself cannot read
    own = f",{own.removesuffix(']')},"
    return base == own_base and all(
        f",{key}={value}," in own for key, value in wanted.items())


def selected(names, selectors):
    """Tell which of the names one of the selectors selects.

    Parameters
    ----------
    names : Series of str, see `matches`
    selectors : list of str

    Returns
    -------
    ndarray of bool, shape (n_names,)
    """
    return names.isin([
        name for name in names.unique()
        if any(matches(name, selector) for selector in selectors)
    ]).to_numpy(dtype=bool)


def where(df, solver=None, dataset=None, objective=None):
    """Select the rows of a solver on a problem.

    Parameters
    ----------
    df : DataFrame, results of benchopt
    solver, dataset, objective : str, as in Run; None for all

    Returns
    -------
    DataFrame, in the order of stop_val; Missing if it is empty.
    """
    wanted = {"solver": solver, "dataset": dataset, "objective": objective}
    own = np.ones(len(df), dtype=bool)
    for kind, selector in wanted.items():
        if selector is not None:
            own &= selected(df[f"{kind}_name"], [selector])
    if not own.any():
        named = " on ".join(s for s in wanted.values() if s is not None)
        raise Missing(f"expected results of {named}, got none")
    return df[own].sort_values("stop_val", kind="stable")


def by_seed(df):
    """Split a table by seed: a dict, seed -> DataFrame of its rows."""
    return dict(iter(df.groupby("base_seed")))


def band(df, y, label, x="stop_val", **options):
    """Draw the median of a column over the seeds, and its range.

    Parameters
    ----------
    df : DataFrame, the rows of one solver on one problem, of all seeds
    y : str, the column
    label : str, the curve's name
    x : str, the column along the horizontal axis
    **options : fields of Curve

    Returns
    -------
    Curve, at each x where every seed has a value: some solvers end earlier on
    one of them.
    """
    df = df.dropna(subset=[y])
    shared = df.groupby(x)["base_seed"].transform("nunique")
    seeds = df[shared == df["base_seed"].nunique()].groupby(x)[y]
    median = seeds.median()
    return Curve(label, median.index.tolist(), median.tolist(),
                 seeds.min().tolist(), seeds.max().tolist(), **options)


class Claim:
    """One file of claims, loaded.

    Parameters
    ----------
    module : the file's module
    full : bool, see `runs(full)`
    """

    def __init__(self, module, full):
        self.module = module
        number = module.__name__.rsplit(".", 1)[-1].split("_")[0]
        self.name = number[0].upper() + number[1:].lstrip("0")
        self.title = module.TITLE
        self.sentence = " ".join(module.__doc__.split())
        self.source = " ".join(module.SOURCE.split())
        self.changes = " ".join(module.CHANGES.split())
        self.runs = module.runs(full)


def load_claims(benchmark, full, only=None):
    """Load the claims of a benchmark, in the order of their files.

    Parameters
    ----------
    benchmark : Path
    full : bool
    only : list of str, names such as L3; None for all

    Returns
    -------
    list of Claim; UserError if there is none, or none of that name.
    """
    folder = benchmark / "claims"
    files = sorted(folder.glob("[!_]*_*.py"))
    if not files or not (folder / "__init__.py").is_file():
        raise UserError(
            f"expected claims in {folder}, an __init__.py and files such as "
            f"l03_training_pays.py, got {len(files)} of these: name a "
            f"benchmark that has claims, or write one")
    package = f"claims_of_{benchmark.resolve().name}"
    for name in [m for m in sys.modules if m.split(".")[0] == package]:
        del sys.modules[name]  # of another copy of the benchmark
    spec = importlib.util.spec_from_file_location(
        package, folder / "__init__.py",
        submodule_search_locations=[str(folder.resolve())])
    module = sys.modules[package] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    importlib.invalidate_caches()
    claims = [Claim(importlib.import_module(f"{package}.{file.stem}"), full)
              for file in files if file.stem[-1].isalnum()]
    known = [claim.name for claim in claims]
    unknown = [name for name in only or [] if name.upper() not in known]
    if unknown:
        raise UserError(
            f"expected names of claims with --only, {', '.join(known)}, got "
            f"{', '.join(unknown)}")
    wanted = [name.upper() for name in only or known]
    return [claim for claim in claims if claim.name in wanted]
