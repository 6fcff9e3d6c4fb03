"""Sparse dictionaries, bounded memory, and which way to solve is cheapest."""
import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse import coo_array, csc_array, random_array

from unrolling.lasso import lasso_cost, solve_lasso
from unrolling.lasso.costs import (
    dictionary_cost,
    gram_cost,
    working_sets_cost,
)
from unrolling.lasso.gram import gram_matrix

NO_GRAM = 1000
"""Bytes of memory that keep the Gram matrix from being formed."""


@pytest.mark.parametrize("memory", [NO_GRAM, 2**30])
@pytest.mark.parametrize("kind", [csc_array, coo_array])
def test_sparse_dictionary(kind, memory):
    rng = np.random.default_rng(0)
    D = random_array((40, 90), density=0.2, rng=rng,
                     data_sampler=rng.standard_normal).toarray()
    D[0, ~D.any(axis=0)] = 1
    x = rng.standard_normal((15, 40))
    lmbd = 0.1 * abs(x @ D).max(axis=1)
    z, gap = solve_lasso(kind(D), x, lmbd, 1e-12, memory=memory)
    assert (gap <= 1e-12).all()
    np.testing.assert_allclose(
        lasso_cost(z, D, x, lmbd),
        lasso_cost(solve_lasso(D, x, lmbd, 1e-12).z, D, x, lmbd), rtol=1e-12)


def test_bad_sparse_dictionary():
    D = csc_array(np.eye(3))
    D.data[1] = np.nan
    with pytest.raises(ValueError, match="D must be finite, got 1 NaN"):
        solve_lasso(D, np.ones((1, 3)), 0.1)


LARGE = """
import resource
import numpy as np
from unrolling.lasso import solve_lasso

def peak():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

rng = np.random.default_rng(0)
D = rng.standard_normal((50, 10_000))
x = rng.standard_normal((400, 50))
lmbd = 0.3 * abs(x @ D).max(axis=1)
solve_lasso(D[:, :60], x[:1], lmbd[:1], memory={memory})  # compiles
z = np.ones((len(x), D.shape[1]))  # the result
del z
before = peak()
gap = solve_lasso(D, x, lmbd, memory={memory}).gap
assert (gap <= 1e-6).all()
print(peak() - before)
"""


def test_memory_bound():
    """10^4 atoms, whose Gram matrix alone has 800 MB."""
    memory = 64 * 2**20
    used = subprocess.run(
        [sys.executable, "-c", LARGE.format(memory=memory)], check=True,
        capture_output=True, text=True).stdout
    assert int(used) <= memory


@pytest.mark.parametrize(("shape", "n_samples", "share", "cheapest"), [
    ((64, 256), 1, 0.1, gram_cost), ((64, 256), 1000, 0.1, gram_cost),
    ((100, 8000), 1, 0.1, working_sets_cost),
    ((500, 5000), 1, 0.1, working_sets_cost),
    ((500, 5000), 10, 0.1, working_sets_cost),
    ((2000, 500), 1000, 0.1, gram_cost),
    ((2000, 500), 1, 0.7, dictionary_cost),
    ((2000, 2000), 1, 0.5, dictionary_cost), ((2000, 2000), 1, 1, gram_cost),
])
def test_the_cheapest_way(monkeypatch, shape, n_samples, share, cheapest):
    """On one thread, with this share of the atoms, up to n_dim, in the
    support."""
    monkeypatch.setattr("unrolling.lasso.costs.N_THREADS", 1)
    costs = {cost: cost(shape, n_samples, share * min(shape))
             for cost in (gram_cost, working_sets_cost, dictionary_cost)}
    assert min(costs, key=costs.get) == cheapest


def test_gram_matrix_is_the_product(rng):
    for n_atoms in (1, 7, 8, 9, 1030):
        D = rng.standard_normal((5, n_atoms))
        # sums of five products of numbers below 5
        for kind in (np.asarray, csc_array):
            np.testing.assert_allclose(
                gram_matrix(kind(D)), D.T @ D, rtol=0, atol=1e-13)
