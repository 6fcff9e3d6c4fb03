"""Sparse coding as a scikit-learn transformer."""
import numpy as np
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
)
from sklearn.utils import check_array, check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from unrolling.encoder.atoms import given_atoms, learned_atoms
from unrolling.encoder.coder import NETWORKS, Coder, check_parameters
from unrolling.encoder.saved import load_encoder, save_encoder

FLOATS = [np.float64, np.float32]
"""The types of samples that their codes keep; others become float64."""


class SparseEncoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin,
                    BaseEstimator):
    """Sparse codes of samples over a dictionary, by exact or learned solvers.

    The code of a sample x (1, n_features) is the row z (1, n_components) that
    minimises the Lasso::

        F_x(z) = 1/2 ||x - z @ dictionary||^2 + reg * lmbd_max(x) * ||z||_1

    where lmbd_max(x) = max |x @ dictionary.T| is the least penalty for which
    z = 0 is optimal. So reg has no unit, and the code of c x is c times that
    of x. (scikit-learn's SparseCoder has one penalty for all samples.)

    Parameters count when `fit` is called; `sparse_output` counts at once.

    Parameters
    ----------
    dictionary : array-like, shape (n_components, n_features), or None
        Atoms are rows, of any positive norm. With None, `fit` learns atoms of
        unit norm by scikit-learn's MiniBatchDictionaryLearning with alpha =
        reg, from the samples scaled to unit norm, without zero ones.
    n_components : int or None
        Number of atoms to learn; None learns n_features. Where a dictionary
        is given, None or the number of its rows.
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
        Whether codes are a csr_array, formed block by block, or an ndarray.
    random_state : int, RandomState instance or None
        Seed for learning the dictionary and for training.

    Attributes
    ----------
    components_ : ndarray, shape (n_components, n_features), float64
        The dictionary, given or learned.
    duality_gap_ : float
        The largest `duality_gap` of the samples that `fit` saw.
    network_ : UnrolledNetwork or None
        The trained network of a learned method.
    n_features_in_ : int
    feature_names_in_ : ndarray of str, where X had names

    Notes
    -----
    The solvers share a batch out to the cores: there is no n_jobs.

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
        """Learn the dictionary and train the network, where there is one.

        The samples are then coded, for `duality_gap_`.

        Parameters
        ----------
        X : array-like, shape (n_samples, n_features), dense and finite
            A learned method needs two samples, a dictionary that is to be
            learned a nonzero one.
        y : ignored

        Returns
        -------
        SparseEncoder, itself

        Raises
        ------
        ValueError
            Parameters out of range, NaN, widths that do not match, a zero
            atom, too few samples.
        """
        X = self._fit(X)
        self.duality_gap_ = float(self.coder_.gaps(X).max())
        return self

    def fit_transform(self, X, y=None):
        """Fit, and return the codes of the same samples, computed once.

        Parameters, codes and errors are those of `fit` and `transform`.
        """
        X, gaps = self._fit(X), []
        codes = self.coder_.codes(X, self.sparse_output, gaps)
        self.duality_gap_ = float(np.concatenate(gaps).max())
        return codes

    def transform(self, X):
        """Codes of samples.

        Parameters
        ----------
        X : array-like, shape (n_samples, n_features), dense and finite

        Returns
        -------
        ndarray or csr_array, shape (n_samples, n_components)
            Computed in float64, and rounded to float32 where X is that.
        """
        X = self._check(X)
        return self.coder_.codes(X, self.sparse_output)

    def inverse_transform(self, X):
        """Samples X @ components_, ndarray (n_samples, n_features), of codes.

        X is array-like or sparse, of shape (n_samples, n_components);
        ValueError if it has another width.
        """
        check_is_fitted(self)
        codes = check_array(X, accept_sparse="csr", dtype=FLOATS)
        if codes.shape[1] != len(self.components_):
            raise ValueError(
                f"codes must have {len(self.components_)} columns "
                f"(n_components), got shape {codes.shape}; samples are rows")
        return codes @ self.components_

    def score(self, X, y=None):
        """Minus the mean cost F_x(z) of the codes of X: more is better.

        It has the unit of X, squared. It compares methods, depths and
        dictionaries at one reg: the cost rises with reg, whatever the codes
        are good for, so that a search over reg by this score takes the least.
        X is as for `transform`, y is ignored.
        """
        X = self._check(X)
        return -float(self.coder_.costs(X).mean())

    def duality_gap(self, X):
        """Relative duality gap of the code of each sample, (n_samples,).

        It certifies a code z against the exact one, z*: (F_x(z) - F_x(z*)) /
        F_x(0) is at most the gap. X is as for `transform`.
        """
        X = self._check(X)
        return self.coder_.gaps(X)

    def save(self, path):
        """Write the fitted encoder to a safetensors file, without pickle.

        The file appears under its name once it is whole. A random_state that
        is a generator is saved as None.

        Raises
        ------
        NotFittedError
        OSError
            The file cannot be written; one that was there stays as it was.
        """
        check_is_fitted(self)
        save_encoder(self, path)

    @classmethod
    def load(cls, path):
        """The fitted encoder that `save` wrote.

        Raises
        ------
        FileNotFoundError
        ValueError
            The file is damaged, or holds something else.
        """
        return load_encoder(cls, path)

    def _check(self, X):
        """X as an array of floats, as wide as those of `fit`."""
        check_is_fitted(self)
        return validate_data(self, X, dtype=FLOATS, reset=False)

    def _fit(self, X):
        """Set all that is fitted but the gap, and return X as an array."""
        check_parameters(**self.get_params())
        X = validate_data(self, X, dtype=FLOATS, ensure_min_samples=(
            2 if self.method in NETWORKS else 1))
        rng = check_random_state(self.random_state)
        if self.dictionary is None:
            atoms = learned_atoms(X, self.n_components, self.reg, rng)
        else:
            atoms = given_atoms(
                self.dictionary, self.n_components, X.shape[1])
        coder = self._coder(atoms)
        coder.train(X, seed=int(rng.randint(2**31 - 1)) if (
            self.method in NETWORKS) else 0)
        self._set(coder)
        return X

    def _coder(self, atoms):
        """A coder over atoms (n_components, n_features), not trained yet."""
        return Coder(atoms.T, reg=float(self.reg), method=self.method,
                     tol=float(self.tol), n_layers=int(self.n_layers))

    def _set(self, coder):
        """Be fitted, with this coder."""
        self.coder_, self.network_ = coder, coder.network
        self.components_ = coder.D.T.view()
        self.components_.flags.writeable = False  # transform would not see it

    @property
    def _n_features_out(self):
        return len(self.components_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
