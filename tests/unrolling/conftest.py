"""What the tests of the package share: problems, networks, an encoder."""
import numpy as np
import pytest
import torch

from unrolling import SparseEncoder
from unrolling.encoder import atoms
from unrolling.lasso.network import LassoNetwork
from unrolling.prox import soft_threshold


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


@pytest.fixture
def small_lasso(rng):
    """D (20, 40), x (5, 20), lmbd 0.3 of the maximum of each sample."""
    D, x = rng.standard_normal((20, 40)), rng.standard_normal((5, 20))
    return D, x, 0.3 * abs(x @ D).max(axis=1)


@pytest.fixture(scope="session")
def large_batch(make_lasso):
    """D (10, 20) of unit atoms, and x (300, 10) as a Tensor."""
    D, x = make_lasso(np.random.default_rng(0), 10, 20, 300)
    return D, torch.tensor(x)


@pytest.fixture
def small_batch(large_batch):
    """D (10, 20) of unit atoms, and a batch x (30, 10) as a Tensor."""
    D, x = large_batch
    return D, x[:30].clone()


@pytest.fixture(scope="session")
def make_blocks():
    """`make_blocks(rng, A, n_samples=5)`: blocks seen through A.

    Their noise is the tenth of their size.
    """
    def make(rng, A, n_samples=5):
        n_dim, n_times = A.shape
        jumps = rng.standard_normal((n_samples, n_times)) * (
            rng.uniform(size=(n_samples, n_times)) < 5 / n_times)
        x = jumps.cumsum(axis=1) @ A.T + rng.standard_normal((n_samples, 1))
        return x + 0.1 * (1 + x.std()) * rng.standard_normal(x.shape)

    return make


class Steps(LassoNetwork):
    """One learned step per layer: scalars only. Untrained, it is ISTA."""

    def init_layer(self, t):
        return {"step": 1 / self.L}

    def layer(self, z, step):
        return soft_threshold(z - step * self.grad(z), step * self.lmbd)


class Matrices(LassoNetwork):
    """A step, a matrix and a threshold per atom in each layer."""

    def init_layer(self, t):
        return {"step": 1 / self.L, "W": self.D,
                "threshold": [self.lmbd] * self.D.shape[1]}

    def layer(self, z, step, W, threshold):
        return soft_threshold(z - step * (self.residual(z) @ W),
                              step * threshold)


@pytest.fixture(name="Steps", scope="session")
def steps_class():
    """The class of networks whose parameters are scalars."""
    return Steps


@pytest.fixture(name="Matrices", scope="session")
def matrices_class():
    """The class of networks that have matrices."""
    return Matrices


@pytest.fixture(params=[Steps, Matrices])
def network_class(request):
    """Each of the two classes."""
    return request.param


@pytest.fixture
def coding(rng):
    """Unit atoms as rows, and samples of very different sizes."""
    dictionary = rng.standard_normal((20, 10))
    dictionary /= np.linalg.norm(dictionary, axis=1, keepdims=True)
    X = rng.standard_normal((30, 10))
    return dictionary, X * np.geomspace(1e-3, 1e3, len(X))[:, None]


@pytest.fixture(scope="session")
def encoder():
    """`encoder(dictionary, method, **parameters)`: a SparseEncoder whose
    network, if there is one, trains in no time."""
    def make(dictionary, method="active-set", **parameters):
        return SparseEncoder(dictionary, reg=0.3, method=method, n_layers=1,
                             random_state=0, **parameters)

    return make


@pytest.fixture
def few_epochs(monkeypatch):
    """Atoms are learned fast, and badly."""
    monkeypatch.setattr(atoms, "EPOCHS", 2)


@pytest.fixture(scope="session")
def assert_same():
    """`assert_same(codes, expected, tol=1e-12)`: codes agree to a multiple of
    rounding, relative to those of a sample.

    Equal inputs need not give equal bits: BLAS rounds otherwise where its
    arrays are aligned otherwise.
    """
    def check(codes, expected, tol=1e-12):
        scale = abs(expected).max(axis=1, keepdims=True)
        scale[scale == 0] = 1
        np.testing.assert_allclose(
            codes / scale, expected / scale, rtol=0, atol=tol)

    return check
