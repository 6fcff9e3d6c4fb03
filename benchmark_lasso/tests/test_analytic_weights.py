"""Weights that are computed from the dictionary are the optimal ones."""
import numpy as np
import pytest


@pytest.mark.parametrize("data", ["white", "few atoms", "digits"])
def test_analytic_weights_of_alista(suite, data):
    """W minimises ||W'D||_F subject to w_j'd_j = 1."""
    network, objective = suite.make_network("ALISTA", data)
    D, W = objective.D, network.W.numpy()
    np.testing.assert_allclose((W * D).sum(axis=0), 1, rtol=0, atol=1e-9)
    least = np.linalg.norm(W.T @ D) ** 2
    rng = np.random.default_rng(0)
    for radius in (1e-3, 1):
        for _ in range(20):
            noise = radius * rng.standard_normal(W.shape)
            noise -= D * (noise * D).sum(axis=0)  # atoms have unit norm
            other = np.linalg.norm((W + noise).T @ D) ** 2
            assert other >= least * (1 - 1e-12)
    # the multipliers of the constraints: D D'w_j = mu_j d_j
    gradient = D @ (D.T @ W)
    mu = (gradient * D).sum(axis=0)
    np.testing.assert_allclose(gradient, D * mu, rtol=0, atol=1e-9)


def test_analytic_weights_are_what_descent_finds(suite):
    """Liu et al. descend the projected gradient."""
    network, objective = suite.make_network("ALISTA")
    D = V = objective.D
    for _ in range(1000):
        V = V - D @ (D.T @ V) / np.linalg.norm(D, 2) ** 2
        V = V + D * (1 - (V * D).sum(axis=0))
    np.testing.assert_allclose(network.W, V, rtol=0, atol=1e-6)


def test_symmetric_weights_are_optimal(suite):
    """HyperLISTA's: D'W is symmetric with ones on its diagonal, and no other
    symmetric M with w_j'd_j = 1 has a smaller ||D'MD - I||_F."""
    network, objective = suite.make_network("HyperLISTA")
    D, W = objective.D, network.W.numpy()
    products = D.T @ W
    np.testing.assert_allclose(products, products.T, rtol=0, atol=1e-12)
    np.testing.assert_allclose(np.diag(products), 1, rtol=0, atol=1e-12)
    # symmetric directions E, and the ones that keep d_j'M d_j = 1
    n_dim, n_atoms = D.shape
    basis = [np.zeros((n_dim, n_dim)) for _ in range(
        n_dim * (n_dim + 1) // 2)]
    for E, (i, j) in zip(basis, zip(*np.triu_indices(n_dim), strict=True),
                         strict=True):
        E[i, j] = E[j, i] = 1
    change = np.array([np.diag(D.T @ E @ D) for E in basis]).T
    _, sizes, rows = np.linalg.svd(change)
    free = rows[(sizes > 1e-10).sum():]
    assert len(free)
    excess = products - np.eye(n_atoms)
    for weights in free:
        E = sum(w * E for w, E in zip(weights, basis, strict=True))
        assert abs((excess * (D.T @ E @ D)).sum()) < 1e-10
