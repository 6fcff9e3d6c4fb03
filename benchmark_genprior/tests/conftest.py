"""The benchmark's classes, loaded by benchopt, and small problems of them."""
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from benchopt import BaseDataset

from unrolling.bench.testing import LoadedBenchmark

PRIOR = LoadedBenchmark(Path(__file__).parents[1])
pytest_generate_tests = PRIOR.parametrize
benchmark, weights_folder = PRIOR.fixtures()

THEORY = {
    "GD": {"step_size": 1.0}, "Momentum-GD": {"step_size": 0.2},
    "PGD": {"step_size": 1.0}, "Linear-ADMM": {"step_size": 1.0, "rho": 0.5},
    "ADMM": {"step_size": 1.0, "rho": 1.0}, "Adam": {"step_size": 0.1},
    "ADMM-Adam": {"step_size": 0.03, "rho": 1.0}}
"""Steps below 2/L: an affine generator is nowhere flatter than at the start,
which is what lets the tuned ones be longer."""


class Linear(BaseDataset):
    """An affine generator, whose problems have closed forms; its encoder
    is the projection on its range."""

    name = "Linear"
    parameters = {"n_side": [5], "n_latent": [3], "in_range": [False]}

    def get_data(self):
        rng = np.random.default_rng(self.get_seed())
        n_pixels = self.n_side**2
        G = torch.nn.Linear(self.n_latent, n_pixels)
        G.weight.data = torch.as_tensor(
            0.1 * rng.standard_normal((n_pixels, self.n_latent))).float()
        G.bias.data = torch.full((n_pixels,), 0.5)
        G.requires_grad_(False)
        encoder = torch.nn.Linear(n_pixels, self.n_latent)
        encoder.weight.data = torch.linalg.pinv(G.weight.data)
        encoder.bias.data = -encoder.weight.data @ G.bias.data
        encoder.requires_grad_(False)
        images = rng.random((8, n_pixels))
        if self.in_range:
            z = torch.as_tensor(rng.uniform(-1, 1, (8, self.n_latent)))
            images = G(z.float()).double().numpy().clip(0, 1)
        return {"G": G, "encoder": encoder, "n_latent": self.n_latent,
                "seed": 1,
                "shape": (self.n_side, self.n_side),
                "images_train": images[:4], "images_test": images[4:]}


@cache
def make_objective(problem="compressed_sensing", level=0.5, data="linear",
                   max_iter=10_000, n_restarts=2, in_range=False, **more):
    """The objective on a small problem, shared by the tests."""
    dataset = (PRIOR.make_dataset(Linear, in_range=in_range)
               if data == "linear" else PRIOR.make_dataset(
                   "Simulated", n_side=6, n_latent=3, n_test=5))
    return PRIOR.make_objective(
        dataset, problem=problem, level=level, max_iter=max_iter,
        n_restarts=n_restarts, max_time=1000, **more)


def ridge(objective):
    """The minimiser of L + H of each image, (n_images, n_latent), on an affine
    generator, and its value, in closed form: least squares with the rows of
    sqrt(mu) I."""
    W, c = (v.double().numpy() for v in (objective.G.weight,
                                          objective.G.bias))
    M, right = objective.A @ W, objective.b - c @ objective.A.T
    rows = objective.mu**0.5 * np.eye(M.shape[1])
    M = np.vstack([M, rows])
    right = np.hstack([right, np.zeros((len(right), len(rows)))])
    z = np.linalg.lstsq(M, right.T, rcond=None)[0]
    return z.T, 0.5 * ((M @ z - right.T) ** 2).sum(axis=0)


@pytest.fixture
def suite():
    """What the tests use, with the functions above."""
    return PRIOR.suite(
        make_objective=make_objective, ridge=ridge, Linear=Linear,
        theory=THEORY)
