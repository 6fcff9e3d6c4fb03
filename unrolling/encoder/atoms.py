"""Dictionaries with atoms as rows: given and checked, or learned."""
import warnings

import numpy as np
from sklearn.decomposition import MiniBatchDictionaryLearning
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_array

EPOCHS = 100
"""Bound on the passes over the samples when atoms are learned: scikit-learn's
learner stops by itself where there are many, and goes on with few."""


def given_atoms(dictionary, n_components, n_features):
    """A dictionary as a new array of float64, checked.

    Parameters
    ----------
    dictionary : array-like, shape (n_components, n_features)
    n_components, n_features : int
        What it must have; n_components may be None, for any.

    Returns
    -------
    ndarray, shape (n_components, n_features)

    Raises
    ------
    ValueError
        Another shape, NaN or infinite entries, a zero atom.
    """
    atoms = check_array(
        dictionary, dtype=float, copy=True, input_name="dictionary")
    if atoms.shape[1] != n_features:
        raise ValueError(
            f"dictionary must have {n_features} columns (n_features), got "
            f"shape {atoms.shape}; atoms are rows")
    if n_components not in (None, len(atoms)):
        raise ValueError(
            f"n_components must be None or {len(atoms)}, the rows of "
            f"dictionary, got {n_components}")
    zero = np.flatnonzero(~atoms.any(axis=1))
    if len(zero):
        raise ValueError(
            "the atoms (rows) of dictionary must be nonzero, got zeros in "
            f"rows {zero[:10].tolist()}: remove them")
    return atoms


def learned_atoms(X, n_components, alpha, rng):
    """Atoms of unit norm, learned from the samples scaled to unit norm.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        Zero samples are left out.
    n_components : int or None
        Number of atoms; None is n_features.
    alpha : float
        Penalty of scikit-learn's MiniBatchDictionaryLearning, for samples and
        atoms of unit norm: from 1 on, all codes are zero.
    rng : RandomState

    Returns
    -------
    ndarray, shape (n_components, n_features), float64

    Raises
    ------
    ValueError
        All samples are zero.
    """
    X = X.astype(float)
    X = X[X.any(axis=1)]
    if not len(X):
        raise ValueError(
            "expected a nonzero sample to learn atoms from, got only zeros: "
            "give a dictionary")
    learner = MiniBatchDictionaryLearning(
        n_components, alpha=alpha, max_iter=EPOCHS, fit_algorithm="cd",
        random_state=rng)
    with warnings.catch_warnings():
        # the learner's own codes need not be exact; LARS is, and slower
        warnings.simplefilter("ignore", ConvergenceWarning)
        learner.fit(unit_rows(X))
    return unit_rows(learner.components_)


def unit_rows(rows):
    """Nonzero rows over their norms; no square overflows or vanishes."""
    rows = rows / abs(rows).max(axis=1, keepdims=True)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
