"""What the tests of the package share."""
import numpy as np
import pytest


@pytest.fixture
def rng():
    """Random numbers that are the same in each test."""
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def make_lasso():
    """`make_lasso(rng, n_dim, n_atoms, n_samples=10)`: Lassos without lmbd.

    D (n_dim, n_atoms) has unit atoms, x (n_samples, n_dim) is in B_inf:
    ||D'x||_inf = 1, so that lmbd_max is 1.
    """
    def make(rng, n_dim, n_atoms, n_samples=10):
        D = rng.standard_normal((n_dim, n_atoms))
        D /= np.linalg.norm(D, axis=0)
        x = rng.standard_normal((n_samples, n_dim))
        return D, x / abs(x @ D).max(axis=1, keepdims=True)

    return make
