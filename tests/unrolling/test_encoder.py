"""The codes of SparseEncoder are optimal, in any unit and of any type.

That a code is optimal is checked against an independent solver, LARS.
"""
import tracemalloc

import numpy as np
import pytest
from scipy.sparse import csr_array, issparse
from sklearn.base import clone
from sklearn.decomposition import SparseCoder

from unrolling import SparseEncoder, duality_gap, lasso_cost
from unrolling.encoder import coder
from unrolling.encoder.coder import METHODS, NETWORKS, scaled

EXACT = ("active-set", "fista")


def lmbd_max(X, dictionary):
    return abs(X @ dictionary.T).max(axis=1)


@pytest.mark.parametrize("method", EXACT)
def test_codes_are_those_of_lars(coding, method, encoder):
    """For each sample with a penalty of its own: reg times its lmbd_max."""
    dictionary, X = coding
    exact = encoder(dictionary, method, tol=1e-12)
    for code, x, lmbd in zip(
            exact.fit_transform(X), X, exact.reg * lmbd_max(X, dictionary),
            strict=True):
        [expected] = SparseCoder(
            dictionary, transform_algorithm="lasso_lars",
            transform_alpha=lmbd).transform(x[None])
        # a gap of 1e-12 F(0) leaves sqrt of that to strongly convex codes
        np.testing.assert_allclose(
            code, expected, rtol=0, atol=1e-5 * abs(expected).max())


@pytest.mark.parametrize("method", METHODS)
def test_the_certificate_is_that_of_the_codes(coding, method, encoder):
    dictionary, X = coding
    fitted = encoder(dictionary, method).fit(X)
    gap = duality_gap(fitted.transform(X), dictionary.T, X,
                      fitted.reg * lmbd_max(X, dictionary))
    # gaps are known to rounding, relative to F(0)
    np.testing.assert_allclose(fitted.duality_gap(X), gap, atol=1e-12)
    assert fitted.duality_gap_ == pytest.approx(gap.max(), abs=1e-12)
    if method in EXACT:
        assert fitted.duality_gap_ <= fitted.tol
        assert fitted.network_ is None
    else:
        assert type(fitted.network_).__name__ == NETWORKS[method]
        assert len(fitted.network_.layers) == 1
        assert (gap <= 1).all()  # safeguarded: never worse than zero


@pytest.mark.parametrize("method", METHODS)
def test_score_is_minus_the_mean_cost(coding, method, encoder):
    dictionary, X = coding
    fitted = encoder(dictionary, method).fit(X)
    cost = lasso_cost(fitted.transform(X), dictionary.T, X,
                      fitted.reg * lmbd_max(X, dictionary))
    assert fitted.score(X) == pytest.approx(-cost.mean(), rel=1e-12)
    exact = encoder(dictionary, tol=1e-12).fit(X).score(X)
    assert fitted.score(X) <= exact * (1 - 1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_codes_scale_with_the_samples(coding, method, encoder, assert_same):
    """By a power of two, which is exact, up to the ends of float64."""
    dictionary, X = coding
    fitted = encoder(dictionary, method).fit(X)
    codes = fitted.transform(X)
    for power in (-900, 900):
        scale = 2.0 ** power
        assert_same(fitted.transform(scale * X) / scale, codes)


@pytest.mark.parametrize("method", METHODS)
def test_zero_and_orthogonal_samples_have_zero_codes(method, encoder):
    dictionary = np.eye(4)[:3]
    X = np.array([[0., 0, 0, 0], [0, 0, 0, 5], [0, 0, 2, 0]])
    fitted = encoder(dictionary, method).fit(X)
    codes = fitted.transform(X)
    assert not codes[:2].any()
    np.testing.assert_array_equal(fitted.duality_gap(X)[:2], 0)


def test_reg_one_is_the_least_that_gives_zero(coding):
    dictionary, X = coding
    assert not SparseEncoder(dictionary, reg=1).fit_transform(X).any()
    codes = SparseEncoder(dictionary, reg=0.99).fit_transform(X)
    assert codes.any(axis=1).all()


def test_atoms_need_no_unit_norm(coding, rng, encoder):
    """The optimality conditions of the dictionary as it was given."""
    dictionary, X = coding
    dictionary *= rng.uniform(0.1, 10, len(dictionary))[:, None]
    exact = encoder(dictionary, tol=1e-12)
    codes = exact.fit_transform(X)
    lmbd = exact.reg * lmbd_max(X, dictionary)[:, None]
    correlation = (X - codes @ dictionary) @ dictionary.T / lmbd
    active = codes != 0
    np.testing.assert_allclose(
        correlation[active], np.sign(codes)[active], atol=1e-5)
    assert abs(correlation).max() <= 1 + 1e-5


@pytest.mark.parametrize("method", METHODS)
def test_sparse_output(coding, method, encoder, assert_same):
    dictionary, X = coding
    fitted = encoder(dictionary, method).fit(X)
    dense = fitted.transform(X)
    fitted.set_params(sparse_output=True)
    for codes in (fitted.transform(X), fitted.fit_transform(X)):
        assert isinstance(codes, csr_array)
        assert codes.nnz == np.count_nonzero(codes.toarray())
        # fit_transform trains again, which rounding may move
        assert_same(codes.toarray(), dense, 1e-6)
    assert_same(fitted.inverse_transform(codes),
                codes.toarray() @ dictionary)


def test_dense_codes_are_never_all_in_memory(rng, monkeypatch):
    """The peak of a transform into few nonzeros is far below dense codes."""
    dictionary = rng.standard_normal((256, 8))
    X = rng.standard_normal((20_000, 8))
    fitted = SparseEncoder(
        dictionary, reg=0.9, sparse_output=True).fit(X[:100])
    monkeypatch.setattr(coder, "BLOCK_BYTES", 2**20)
    tracemalloc.start()
    codes = fitted.transform(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    dense_bytes = 8 * codes.shape[0] * codes.shape[1]
    assert peak < dense_bytes / 2
    assert fitted.duality_gap(X).max() <= 1e-6


@pytest.mark.parametrize("sparse_output", [False, True])
def test_blocks_change_nothing(
        coding, monkeypatch, sparse_output, encoder, assert_same):
    dictionary, X = coding
    whole = encoder(dictionary, sparse_output=sparse_output)
    expected = whole.fit_transform(X)
    monkeypatch.setattr(coder, "BLOCK_BYTES", 7 * 8 * len(dictionary))
    parts = clone(whole)
    codes = parts.fit_transform(X)
    if issparse(codes):
        codes, expected = codes.toarray(), expected.toarray()
    assert_same(codes, expected, 1e-10)
    assert parts.duality_gap(X).shape == (len(X),)
    assert parts.score(X) == pytest.approx(whole.score(X), rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_float32_samples(coding, method, encoder, assert_same):
    dictionary, X = coding
    X = X.astype(np.float32)
    fitted = encoder(dictionary, method).fit(X)
    codes = fitted.transform(X)
    assert codes.dtype == np.float32
    expected = fitted.transform(X.astype(float))
    assert expected.dtype == np.float64
    assert_same(codes, expected, np.finfo(np.float32).eps)


def test_scaling_does_not_overflow():
    """lmbd_max is right for samples at both ends of the normal range."""
    X = np.array([[3e307, 3e307], [6e-308, 0], [0, 0], [1, -2]])
    scale, x = scaled(X, np.array([[1.0, 2], [2, 1]]) / 4)
    np.testing.assert_allclose(x[3], [4 / 3, -8 / 3])
    np.testing.assert_allclose(
        scale[:, 0], [2.25e307, 3e-308, 1, 0.75])
    assert np.isfinite(x).all()
    assert not x[2].any()


def test_a_warning_names_the_users_line(rng):
    """Not one of this package, nor of scikit-learn's wrapper."""
    atoms = rng.standard_normal((40, 30))
    encoder = SparseEncoder(atoms, reg=1e-3, tol=1e-30)
    with pytest.warns(UserWarning, match="rounding limits the gap") as caught:
        encoder.fit_transform(rng.standard_normal((5, 30)))
    assert {warning.filename for warning in caught} == {__file__}
