"""Unrolled optimisation networks, exact solvers, and what benchmarks share.

>>> from unrolling import solve_lasso, StepLISTA

The names of `__all__` are imported when they are first used: exact solvers
need numpy and numba only, networks need torch.
"""
from importlib import import_module

HOMES = {
    "lasso.solve": ["solve_lasso", "lasso_path"],
    "lasso.problem": ["duality_gap", "lasso_cost"],
    "lasso.fista": ["fista"],
    "lasso.network": ["LassoNetwork"],
    "lasso.networks": [
        "ALISTA", "CoupledLISTA", "LISTA", "LearnedFISTA", "StepLISTA"],
    "network": ["UnrolledNetwork"],
    "training": ["TrainingError"],
    "linear": ["lipschitz"],
    "linear_network": ["LinearNetwork"],
    "prox": ["prox_tv", "soft_threshold"],
    "tv.solve": ["solve_tv", "tv_path"],
    "tv.network": ["TVNetwork"],
    "tv.networks": ["CoupledLPGD", "LPGD", "StepLPGD"],
    "tv.problem": ["tv_cost", "tv_duality_gap", "tv_lmbd_max"],
    "encoder": ["SparseEncoder"],
    "testing": ["check_network"],
}
"""Module of the package -> the public names that it defines."""

MODULES = {name: module for module, names in HOMES.items() for name in names}

__all__ = sorted(MODULES)  # noqa: PLE0605


def __getattr__(name):
    """Import a public name on first use."""
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)


def __dir__():
    return [*globals(), *MODULES]
