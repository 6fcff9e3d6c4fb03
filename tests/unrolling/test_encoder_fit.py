"""What SparseEncoder learns, and what it refuses."""
import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from unrolling import SparseEncoder
from unrolling.encoder.coder import METHODS


def test_fit_does_not_depend_on_the_unit_of_the_samples(
        coding, few_epochs, assert_same):
    _, X = coding
    learned = SparseEncoder(n_components=5, random_state=0)
    components = clone(learned).fit(X).components_
    np.testing.assert_allclose(np.linalg.norm(components, axis=1), 1)
    X[4] = 0
    without = clone(learned).fit(np.delete(X, 4, axis=0)).components_
    assert_same(clone(learned).fit(2.0**30 * X).components_, without, 1e-8)


def test_learned_atoms_are_better_than_random_ones(rng):
    """Samples that a few atoms generate are coded at a lower cost."""
    true = rng.standard_normal((8, 20))
    X = rng.standard_normal((300, 8)) * (rng.random((300, 8)) < 0.3) @ true
    X /= np.linalg.norm(X, axis=1, keepdims=True) + (X == 0).all(
        axis=1, keepdims=True)
    learned = SparseEncoder(n_components=8, random_state=0).fit(X)
    random = SparseEncoder(rng.standard_normal((8, 20))).fit(X)
    assert learned.score(X) > random.score(X) / 2
    assert SparseEncoder(reg=1).fit(X[:9]).components_.shape == (20, 20)


@pytest.mark.parametrize("method", METHODS)
def test_same_seed_same_codes(rng, few_epochs, method, assert_same):
    X = rng.standard_normal((300, 10))  # more than one batch of the learner
    codes = [
        SparseEncoder(n_components=5, method=method, n_layers=1,
                      random_state=seed).fit_transform(X)
        for seed in (1, 1, 2)]
    assert_same(codes[0], codes[1], 1e-6)
    assert abs(codes[0] - codes[2]).max() > 1e-3 * abs(codes[0]).max()


def test_parameters_count_when_fit_is_called(coding, encoder, assert_same):
    dictionary, X = coding
    fitted = encoder(dictionary).fit(X)
    codes = fitted.transform(X)
    fitted.set_params(reg=0.9, method="lista", n_layers=5)
    assert_same(fitted.transform(X), codes)


def test_more_layers_are_better(coding, encoder):
    dictionary, X = coding
    shallow, deep = (
        encoder(dictionary, "step-lista").set_params(n_layers=n).fit(X)
        for n in (1, 4))
    assert len(deep.network_.layers) == 4
    assert deep.score(X) > shallow.score(X)


@pytest.mark.parametrize(("parameters", "message"), [
    ({"method": "ista"}, "method must be one of .*active-set.*got 'ista'"),
    ({"reg": 0}, r"reg must be a number in \(0, 1\], got 0"),
    ({"reg": 1.1}, r"reg must be a number in \(0, 1\], got 1.1"),
    ({"reg": np.nan}, "got nan: it is a share"),
    ({"reg": "0.1"}, "got '0.1'"),
    ({"tol": 0}, "tol must be a positive number, got tol=0"),
    ({"tol": np.nan}, "tol must be a positive number, got tol=nan"),
    ({"n_layers": 0}, "n_layers must be an integer >= 1, got n_layers=0"),
    ({"n_layers": None}, "n_layers must be an integer >= 1"),
    ({"n_components": 0}, "n_components must be an integer >= 1"),
    ({"n_components": 7}, "n_components must be None or 20.*got 7"),
    ({"dictionary": np.eye(9)}, r"10 columns \(n_features\), got shape \(9"),
    ({"dictionary": np.eye(11, 10)}, r"nonzero, got zeros in rows \[10\]"),
    ({"dictionary": np.full((3, 10), np.nan)}, "dictionary contains NaN"),
    ({"dictionary": np.ones(10)}, "Expected 2D array, got 1D"),
])
def test_bad_parameters(coding, parameters, message, encoder):
    dictionary, X = coding
    with pytest.raises(ValueError, match=message):
        encoder(dictionary).set_params(**parameters).fit(X)


def test_bad_samples(coding, encoder):
    dictionary, X = coding
    fitted = encoder(dictionary).fit(X)
    for name in ("transform", "score", "duality_gap"):
        use = getattr(fitted, name)
        with pytest.raises(ValueError, match="X has 9 features, but"):
            use(X[:, 1:])
        with pytest.raises(ValueError, match="Input X contains NaN"):
            use(np.full_like(X, np.nan))
        with pytest.raises(TypeError, match="[Ss]parse data was passed"):
            use(csr_array(X))
        with pytest.raises(NotFittedError):
            getattr(clone(fitted), name)(X)
    with pytest.raises(ValueError, match="20 columns.*got shape"):
        fitted.inverse_transform(X)
    with pytest.raises(ValueError, match="expected a nonzero sample"):
        SparseEncoder().fit(np.zeros((5, 10)))
    with pytest.raises(ValueError, match="minimum of 2 is required"):
        encoder(dictionary, "lista").fit(X[:1])


def test_a_failed_fit_leaves_the_encoder_as_it_was(
        coding, encoder, assert_same):
    dictionary, X = coding
    fitted = encoder(dictionary).fit(X)
    codes = fitted.transform(X)
    with pytest.raises(ValueError, match="dictionary must have 9 columns"):
        fitted.fit(X[:, :9])
    fitted.set_params(dictionary=-dictionary)
    with pytest.raises(ValueError, match="n_components"):
        fitted.set_params(n_components=3).fit(X)
    assert_same(fitted.coder_.codes(X), codes)


def test_in_a_pipeline_and_a_grid_search(rng):
    """Two classes along two atoms are told apart by their codes."""
    y = np.arange(60) % 2
    X = rng.standard_normal((60, 6)) + 5 * np.eye(6)[y]
    pipeline = make_pipeline(
        PCA(4, random_state=0), SparseEncoder(np.eye(4)),
        LogisticRegression())
    search = GridSearchCV(
        pipeline, {"sparseencoder__reg": [0.1, 0.5],
                   "sparseencoder__sparse_output": [False, True]}, cv=3)
    assert search.fit(X, y).score(X, y) > 0.9
    scores = search.cv_results_["mean_test_score"]
    assert scores[0] == scores[1]
