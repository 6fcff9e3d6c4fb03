"""SparseEncoder: its codes are optimal, its copies exact, its errors clear.

That a code is optimal is checked against an independent solver, LARS.
"""
import os
import pickle
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from scipy.sparse import csr_array, issparse
from sklearn.base import clone
from sklearn.decomposition import PCA, SparseCoder
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from unrolling import SparseEncoder, duality_gap, lasso_cost
from unrolling.encoder import atoms, coder
from unrolling.encoder.coder import METHODS, NETWORKS, scaled

EXACT = ("active-set", "fista")
REG = 0.3


@pytest.fixture
def problem(rng):
    """Unit atoms as rows, and samples of very different sizes."""
    dictionary = rng.standard_normal((20, 10))
    dictionary /= np.linalg.norm(dictionary, axis=1, keepdims=True)
    X = rng.standard_normal((30, 10))
    return dictionary, X * np.geomspace(1e-3, 1e3, len(X))[:, None]


def lmbd_max(X, dictionary):
    return abs(X @ dictionary.T).max(axis=1)


def encoder(dictionary, method="active-set", **parameters):
    """An encoder whose network, if there is one, trains in no time."""
    return SparseEncoder(dictionary, reg=REG, method=method, n_layers=1,
                         random_state=0, **parameters)


def assert_same(codes, expected, tol=1e-12):
    """Codes agree to a multiple of rounding, relative to those of a sample.

    Equal inputs need not give equal bits: BLAS rounds otherwise where its
    arrays are aligned otherwise.
    """
    scale = abs(expected).max(axis=1, keepdims=True)
    scale[scale == 0] = 1
    np.testing.assert_allclose(
        codes / scale, expected / scale, rtol=0, atol=tol)


@pytest.fixture
def few_epochs(monkeypatch):
    """Atoms are learned fast, and badly."""
    monkeypatch.setattr(atoms, "EPOCHS", 2)


@pytest.mark.parametrize("method", EXACT)
def test_codes_are_those_of_lars(problem, method):
    """For each sample with a penalty of its own: reg times its lmbd_max."""
    dictionary, X = problem
    codes = encoder(dictionary, method, tol=1e-12).fit_transform(X)
    for code, x, lmbd in zip(
            codes, X, REG * lmbd_max(X, dictionary), strict=True):
        [expected] = SparseCoder(
            dictionary, transform_algorithm="lasso_lars",
            transform_alpha=lmbd).transform(x[None])
        # a gap of 1e-12 F(0) leaves sqrt of that to strongly convex codes
        np.testing.assert_allclose(
            code, expected, rtol=0, atol=1e-5 * abs(expected).max())


@pytest.mark.parametrize("method", METHODS)
def test_the_certificate_is_that_of_the_codes(problem, method):
    dictionary, X = problem
    fitted = encoder(dictionary, method).fit(X)
    gap = duality_gap(fitted.transform(X), dictionary.T, X,
                      REG * lmbd_max(X, dictionary))
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
def test_score_is_minus_the_mean_cost(problem, method):
    dictionary, X = problem
    fitted = encoder(dictionary, method).fit(X)
    cost = lasso_cost(fitted.transform(X), dictionary.T, X,
                      REG * lmbd_max(X, dictionary))
    assert fitted.score(X) == pytest.approx(-cost.mean(), rel=1e-12)
    exact = encoder(dictionary, tol=1e-12).fit(X).score(X)
    assert fitted.score(X) <= exact * (1 - 1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_codes_scale_with_the_samples(problem, method):
    """By a power of two, which is exact, up to the ends of float64."""
    dictionary, X = problem
    fitted = encoder(dictionary, method).fit(X)
    codes = fitted.transform(X)
    for power in (-900, 900):
        scale = 2.0 ** power
        assert_same(fitted.transform(scale * X) / scale, codes)


@pytest.mark.parametrize("method", METHODS)
def test_zero_and_orthogonal_samples_have_zero_codes(method):
    dictionary = np.eye(4)[:3]
    X = np.array([[0., 0, 0, 0], [0, 0, 0, 5], [0, 0, 2, 0]])
    fitted = encoder(dictionary, method).fit(X)
    codes = fitted.transform(X)
    assert not codes[:2].any()
    np.testing.assert_array_equal(fitted.duality_gap(X)[:2], 0)


def test_reg_one_is_the_least_that_gives_zero(problem):
    dictionary, X = problem
    assert not SparseEncoder(dictionary, reg=1).fit_transform(X).any()
    codes = SparseEncoder(dictionary, reg=0.99).fit_transform(X)
    assert codes.any(axis=1).all()


def test_atoms_need_no_unit_norm(problem, rng):
    """The optimality conditions of the dictionary as it was given."""
    dictionary, X = problem
    dictionary *= rng.uniform(0.1, 10, len(dictionary))[:, None]
    codes = encoder(dictionary, tol=1e-12).fit_transform(X)
    lmbd = REG * lmbd_max(X, dictionary)[:, None]
    correlation = (X - codes @ dictionary) @ dictionary.T / lmbd
    active = codes != 0
    np.testing.assert_allclose(
        correlation[active], np.sign(codes)[active], atol=1e-5)
    assert abs(correlation).max() <= 1 + 1e-5


@pytest.mark.parametrize("method", METHODS)
def test_sparse_output(problem, method):
    dictionary, X = problem
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
def test_blocks_change_nothing(problem, monkeypatch, sparse_output):
    dictionary, X = problem
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
def test_float32_samples(problem, method):
    dictionary, X = problem
    X = X.astype(np.float32)
    fitted = encoder(dictionary, method).fit(X)
    codes = fitted.transform(X)
    assert codes.dtype == np.float32
    expected = fitted.transform(X.astype(float))
    assert expected.dtype == np.float64
    assert_same(codes, expected, np.finfo(np.float32).eps)


def test_fit_does_not_depend_on_the_unit_of_the_samples(problem, few_epochs):
    _, X = problem
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
def test_same_seed_same_codes(rng, few_epochs, method):
    X = rng.standard_normal((300, 10))  # more than one batch of the learner
    codes = [
        SparseEncoder(n_components=5, method=method, n_layers=1,
                      random_state=seed).fit_transform(X)
        for seed in (1, 1, 2)]
    assert_same(codes[0], codes[1], 1e-6)
    assert abs(codes[0] - codes[2]).max() > 1e-3 * abs(codes[0]).max()


def test_parameters_count_when_fit_is_called(problem):
    dictionary, X = problem
    fitted = encoder(dictionary).fit(X)
    codes = fitted.transform(X)
    fitted.set_params(reg=0.9, method="lista", n_layers=5)
    assert_same(fitted.transform(X), codes)


def test_more_layers_are_better(problem):
    dictionary, X = problem
    shallow, deep = (
        encoder(dictionary, "step-lista").set_params(n_layers=n).fit(X)
        for n in (1, 4))
    assert len(deep.network_.layers) == 4
    assert deep.score(X) > shallow.score(X)


def as_pickled(fitted, _):
    return pickle.loads(pickle.dumps(fitted))


def as_saved(fitted, folder):
    fitted.save(folder / "encoder.safetensors")
    return SparseEncoder.load(folder / "encoder.safetensors")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("copied", [as_pickled, as_saved])
def test_copies_are_exact(problem, tmp_path, copied, method):
    """A copy has the same arrays to the bit, and so the same codes."""
    dictionary, X = problem
    fitted = encoder(dictionary, method, sparse_output=True).fit(X)
    copy = copied(fitted, tmp_path)
    assert copy.coder_.parameters.keys() == fitted.coder_.parameters.keys()
    for name, value in fitted.coder_.parameters.items():
        np.testing.assert_array_equal(copy.coder_.parameters[name], value)
    assert_same(copy.transform(X).toarray(), fitted.transform(X).toarray())
    assert copy.duality_gap_ == fitted.duality_gap_
    parameters, expected = copy.get_params(), fitted.get_params()
    np.testing.assert_array_equal(
        parameters.pop("dictionary"), expected.pop("dictionary"))
    assert parameters == expected
    copy.fit(X)


def test_a_saved_encoder_is_as_fitted(tmp_path, few_epochs):
    """Its names and learned atoms are kept; a generator is not."""
    pandas = pytest.importorskip("pandas")
    X = pandas.DataFrame(np.eye(3), columns=["a", "b", "c"])
    fitted = SparseEncoder(n_components=np.int64(2), reg=np.float32(0.5),
                           random_state=np.random.RandomState(0)).fit(X)
    fitted.set_params(reg=0.7)
    copy = as_saved(fitted, tmp_path)
    assert copy.get_params() == fitted.get_params() | {
        "reg": 0.5, "random_state": None}
    assert list(copy.feature_names_in_) == ["a", "b", "c"]
    assert copy.n_features_in_ == 3
    np.testing.assert_array_equal(copy.components_, fitted.components_)
    assert list(copy.get_feature_names_out()) == [
        "sparseencoder0", "sparseencoder1"]
    assert list(copy.set_output(transform="pandas").transform(X)) == [
        "sparseencoder0", "sparseencoder1"]


def test_a_file_that_cannot_be_written(problem, tmp_path):
    dictionary, X = problem
    (tmp_path / "file").write_text("a file")
    with pytest.raises(OSError, match="file"):
        encoder(dictionary).fit(X).save(tmp_path / "file" / "encoder")
    assert os.listdir(tmp_path) == ["file"]
    with pytest.raises(NotFittedError):
        encoder(dictionary).save(tmp_path / "encoder")


def test_a_full_disk_leaves_the_former_file(problem, tmp_path, monkeypatch):
    dictionary, X = problem
    path = tmp_path / "encoder"
    fitted = encoder(dictionary).fit(X)
    fitted.save(path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        clone(fitted).set_params(reg=0.9).fit(X).save(path)
    assert os.listdir(tmp_path) == ["encoder"]
    assert_same(SparseEncoder.load(path).transform(X), fitted.transform(X))


def test_damaged_files(problem, tmp_path):
    """Cut or changed anywhere, they are refused or say the same."""
    dictionary, X = problem
    path = tmp_path / "encoder"
    fitted = encoder(dictionary).fit(X)
    fitted.save(path)
    content = path.read_bytes()
    changed, refusals = np.frombuffer(content, np.uint8).copy(), []
    for i in range(0, len(content), 37):
        changed[i] ^= 4
        for damaged in (content[:i], changed.tobytes()):
            path.write_bytes(damaged)
            try:
                loaded = SparseEncoder.load(path)
            except ValueError as error:
                refusals.append(str(error))
            else:
                np.testing.assert_array_equal(
                    loaded.components_, fitted.components_)
        changed[i] ^= 4
    assert len(refusals) > len(content) / 37
    for message in refusals:
        assert "expected a sound SparseEncoder in" in message
        assert "save the encoder again" in message


def test_files_of_something_else(problem, tmp_path):
    dictionary, X = problem
    path = tmp_path / "network"
    with pytest.raises(FileNotFoundError):
        SparseEncoder.load(path)
    encoder(dictionary, "step-lista").fit(X).network_.save(path)
    with pytest.raises(ValueError, match="expected a SparseEncoder in .*"
                       "network, got a file of weights: load it with"):
        SparseEncoder.load(path)


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
def test_bad_parameters(problem, parameters, message):
    dictionary, X = problem
    with pytest.raises(ValueError, match=message):
        encoder(dictionary).set_params(**parameters).fit(X)


def test_bad_samples(problem):
    dictionary, X = problem
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


def test_a_failed_fit_leaves_the_encoder_as_it_was(problem):
    dictionary, X = problem
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


def test_the_exact_encoder_needs_no_torch(tmp_path):
    code = (
        "import sys, numpy as np; from unrolling import SparseEncoder; "
        "e = SparseEncoder(np.eye(3)); e.fit_transform(np.eye(3)); "
        f"e.save({str(tmp_path / 'e')!r}); "
        f"SparseEncoder.load({str(tmp_path / 'e')!r}).transform(np.eye(3)); "
        "assert 'torch' not in sys.modules")
    subprocess.run([sys.executable, "-c", code], check=True)


def test_scaling_does_not_overflow():
    """lmbd_max is right for samples at both ends of the normal range."""
    X = np.array([[3e307, 3e307], [6e-308, 0], [0, 0], [1, -2]])
    scale, x = scaled(X, np.array([[1.0, 2], [2, 1]]) / 4)
    np.testing.assert_allclose(x[3], [4 / 3, -8 / 3])
    np.testing.assert_allclose(
        scale[:, 0], [2.25e307, 3e-308, 1, 0.75])
    assert np.isfinite(x).all()
    assert not x[2].any()
