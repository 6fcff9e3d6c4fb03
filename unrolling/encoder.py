"""Sparse coding as a scikit-learn transformer."""
import numpy as np
from scipy.sparse import csr_array, vstack
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
)
from sklearn.utils import check_array, check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from unrolling.lasso.atoms import given_atoms, learned_atoms
from unrolling.lasso.coder import (
    NETWORKS,
    Coder,
    check_count,
    check_method,
)

FLOATS = [np.float64, np.float32]
"""The types of samples that codes keep; others become float64."""


class SparseEncoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin,
                    BaseEstimator):
    """Sparse codes of samples over a dictionary, by exact or learned solvers.

    The code of a sample x (1, n_features) is the row z (1, n_components) that
    minimises the Lasso::

        F_x(z) = 1/2 ||x - z @ dictionary||^2 + reg * lmbd_max(x) * ||z||_1

    where lmbd_max(x) = max |x @ dictionary.T| is the least penalty for which
    z = 0 is optimal. So reg is a share, it has no unit, and the code of c x
    is c times the code of x. (scikit-learn's SparseCoder has one penalty,
    transform_alpha, for all samples.)

    Parameters count when `fit` is called; `sparse_output` counts at once.

    Parameters
    ----------
    dictionary : array-like, shape (n_components, n_features), or None
        Atoms are rows, of any positive norm. With None, `fit` learns
        them by scikit-learn's MiniBatchDictionaryLearning with alpha = reg,
        from the samples scaled to unit norm (zero samples are left out), and
        scales them to unit norm.
    n_components : int or None
        Number of atoms to learn; None learns n_features. Must be None, or
        the number of rows, where a dictionary is given.
    reg : float in (0, 1]
        Penalty, as a share of each sample's own lmbd_max.
    method : str
        Exact: "active-set" (`unrolling.lasso.solve_lasso`, the fastest) or
        "fista" (`unrolling.lasso.fista.fista`). Learned: "step-lista",
        "lista", "coupled-lista" or "learned-fista", networks that `fit`
        trains on its samples (`unrolling.lasso.networks`). They are
        approximate: `duality_gap` says by how much, sample by sample.
    n_layers : int
        Layers of a learned method. Exact methods ignore it.
    tol : float
        Relative duality gap that an exact method reaches for every sample,
        or warns about. Learned methods ignore it.
    sparse_output : bool
        Whether codes are a scipy.sparse.csr_array instead of an ndarray. The
        dense codes are never formed for all samples at once.
    random_state : int, RandomState instance or None
        Seed for learning the dictionary and for training.

    Attributes
    ----------
    components_ : ndarray, shape (n_components, n_features), float64
        The dictionary, given or learned.
    duality_gap_ : float
        The largest relative duality gap among the codes of the samples that
        `fit` saw: (F_x(z) - F_x(z*)) / F_x(0) is at most that for each.
    network_ : UnrolledNetwork or None
        The trained network of a learned method.
    n_features_in_ : int
    feature_names_in_ : ndarray of str, where X had names

    Notes
    -----
    Codes are float32 where X is; they are computed in float64 and rounded.
    The solvers share a batch out to the cores, so there is no n_jobs.

    Examples
    --------
    >>> import numpy as np
    >>> from unrolling import SparseEncoder
    >>> encoder = SparseEncoder(np.eye(3), reg=0.5)
    >>> encoder.fit_transform([[4.0, 3.0, -1.0], [0.0, 0.5, 2.0]])
    array([[2., 1., 0.],
           [0., 0., 1.]])
    """

    def __init__(self, dictionary=None, n_components=None, reg=0.1,
                 method="active-set", *, n_layers=10, tol=1e-6,
                 sparse_output=False, random_state=None):
        self.dictionary = dictionary
        self.n_components = n_components
        self.reg = reg
        self.method = method
        self.n_layers = n_layers
        self.tol = tol
        self.sparse_output = sparse_output
        self.random_state = random_state

    def fit(self, X, y=None):
        """Learn what is to be learned: the dictionary, the network.

        The samples are coded once, for `duality_gap_`.

        Parameters
        ----------
        X : array-like, shape (n_samples, n_features), dense and finite
            A learned method needs two samples, a dictionary that is to be
            learned a nonzero one.
        y : ignored

        Returns
        -------
        SparseEncoder, the encoder itself.

        Raises
        ------
        ValueError
            Parameters out of range, NaN, widths that do not match, a zero
            atom, too few samples.
        """
        X = self._fit(X)
        coder = self.coder_
        self.duality_gap_ = max(
            float(coder.gaps(block).max()) for block in coder.blocks(X))
        return self

    def fit_transform(self, X, y=None):
        """Fit, and return the codes of the same samples, computed once.

        Parameters, codes and errors are those of `fit` and `transform`.
        """
        X = self._fit(X)
        gaps = []
        codes = self._encode(X, gaps)
        self.duality_gap_ = max(gaps)
        return codes

    def transform(self, X):
        """Codes of samples.

        Parameters
        ----------
        X : array-like, shape (n_samples, n_features), dense and finite

        Returns
        -------
        ndarray or csr_array, shape (n_samples, n_components)
            Float32 where X is, else float64.
        """
        return self._encode(self._check(X))

    def inverse_transform(self, X):
        """Samples from their codes, z @ components_.

        Parameters
        ----------
        X : array-like or sparse, shape (n_samples, n_components)

        Returns
        -------
        ndarray, shape (n_samples, n_features)
        """
        check_is_fitted(self)
        z = check_array(X, accept_sparse="csr")
        if z.shape[1] != len(self.components_):
            raise ValueError(
                f"codes must have {len(self.components_)} columns "
                f"(n_components), got shape {z.shape}; samples are rows")
        return z @ self.components_

    def score(self, X, y=None):
        """Minus the mean cost F_x(z) of the codes: the greater, the better.

        It compares methods, depths and dictionaries at one reg: the cost
        falls with reg, whatever the codes are good for.

        Parameters
        ----------
        X : array-like, shape (n_samples, n_features), dense and finite
        y : ignored

        Returns
        -------
        float, in the square of the unit of X
        """
        X = self._check(X)
        blocks = self.coder_.blocks(X)
        return -float(np.concatenate(
            [self.coder_.costs(block) for block in blocks]).mean())

    def duality_gap(self, X):
        """Relative duality gap of each sample's code: its certificate.

        Parameters
        ----------
        X : array-like, shape (n_samples, n_features), dense and finite

        Returns
        -------
        ndarray, shape (n_samples,)
            (F_x(z) - F_x(z*)) / F_x(0) is at most that.
        """
        X = self._check(X)
        blocks = self.coder_.blocks(X)
        return np.concatenate([self.coder_.gaps(block) for block in blocks])

    def _check(self, X):
        """X as an array of floats, as wide as those of `fit`."""
        check_is_fitted(self)
        return validate_data(self, X, dtype=FLOATS, reset=False)

    def _fit(self, X):
        """Set all that is fitted but the gap, and return X as an array."""
        check_method(self.method, self.reg, self.tol)
        check_count("n_layers", self.n_layers)
        if self.n_components is not None:
            check_count("n_components", self.n_components)
        learns = self.method in NETWORKS
        X = validate_data(
            self, X, dtype=FLOATS, ensure_min_samples=2 if learns else 1)
        rng = check_random_state(self.random_state)
        if self.dictionary is None:
            self.components_ = learned_atoms(
                X, self.n_components, self.reg, rng)
        else:
            self.components_ = given_atoms(
                self.dictionary, self.n_components, X.shape[1])
        self.coder_ = Coder(
            self.components_.T, float(self.reg), self.method, self.tol)
        if learns:
            self.coder_.train(X, self.n_layers, int(rng.randint(2**31)))
        return X

    def _encode(self, X, gaps=None):
        """Codes of checked samples.

        gaps : list or None, takes the largest relative gap of each block.
        """
        parts = []
        codes = None if self.sparse_output else np.empty(
            (len(X), len(self.components_)), X.dtype)
        for block in self.coder_.blocks(X):
            if gaps is not None:
                gaps.append(float(self.coder_.gaps(block).max()))
            z = block.z * block.scale
            if self.sparse_output:
                parts.append(csr_array(z.astype(X.dtype, copy=False)))
            else:
                codes[block.rows] = z
        return vstack(parts, format="csr") if self.sparse_output else codes

    @property
    def network_(self):
        """The trained network of a learned method, None of an exact one."""
        check_is_fitted(self)
        return self.coder_.network

    @property
    def _n_features_out(self):
        return len(self.components_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
