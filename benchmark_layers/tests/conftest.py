"""The benchmark's classes, loaded by benchopt, and small problems of them."""
from functools import cache
from pathlib import Path

import pytest
import torch

from unrolling.bench.testing import LoadedBenchmark

LAYERS = LoadedBenchmark(Path(__file__).parents[1])
pytest_generate_tests = LAYERS.parametrize
benchmark, weights_folder = LAYERS.fixtures()

SMALL = {
    "simplex": ("Simplex", {"gamma": 1.0}),
    "vertex": ("Simplex", {"gamma": 0.01}),
    "entropy": ("Simplex", {"regularizer": "entropy"}),
    "ranking": ("Ranking", {"gamma": 1.0}),
    "portfolio": ("Portfolio", {}),
    "l1": ("Weighted-l1", {"n_dim": 12, "n_meas": 8}),
}
"""Name -> data set and its parameters, beside the number of samples."""


GIVEN = {"LPGD": {"tau": 0.5}, "Unrolled": {"n_iter": 10},
         "Random-smoothing": {"sigma": 0.3, "n_draws": 2}}
"""Solver -> parameters of `started`, beside a step of 0.1."""


@cache
def make_objective(name="simplex", seed=0, max_iter=30, n_train=12, **more):
    """The objective on a small problem, shared by the tests."""
    dataset, parameters = SMALL[name]
    return LAYERS.make_objective(LAYERS.make_dataset(
        dataset, seed, n_train=n_train, n_test=5, **parameters | more),
        max_iter=max_iter)


def inputs(objective, scale=1.0, seed=0):
    """w at a theta beside the start: there no solution is on a kink."""
    theta = objective.theta_start
    rng = torch.Generator().manual_seed(seed)
    theta = theta + scale * 0.1 * torch.randn(
        theta.shape, generator=rng, dtype=theta.dtype)
    return objective.model(theta, objective.train[0])


def ready(name, objective, **parameters):
    """A solver with its objective set; the test is skipped if it is."""
    solver, reason = LAYERS.make_solver(name, objective, **parameters)
    if reason is not None:
        pytest.skip(reason)
    return solver


def started(method, objective, n_steps=0, **parameters):
    """A solver that has been run for so many steps."""
    parameters = GIVEN.get(method, {}) | {"step_size": 0.1} | parameters
    solver = ready(method, objective, **parameters)
    solver.run_once(n_steps)
    return solver


@pytest.fixture
def suite():
    """What the tests use, with the functions above."""
    return LAYERS.suite(
        make_objective=make_objective, inputs=inputs,
        ready=ready, started=started)
