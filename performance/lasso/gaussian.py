"""Many Lassos with a Gaussian dictionary, for the measurements."""
import numpy as np
from scipy.signal import lfilter


def make_problems(n_samples, n_dim, n_atoms, seed=0, correlation=0):
    """Gaussian atoms and dense Gaussian codes, with ||D'x||_inf = 1.

    Entries of neighbouring atoms have this correlation, those of atoms i and
    j its power |i - j|.
    """
    rng = np.random.default_rng(seed)
    D = rng.standard_normal((n_dim, n_atoms))
    D[:, 1:] *= np.sqrt(1 - correlation**2)
    D = lfilter([1], [1, -correlation], D)
    D /= np.linalg.norm(D, axis=0)
    x = rng.standard_normal((n_samples, n_atoms)) @ D.T
    return D, x / abs(x @ D).max(axis=1, keepdims=True)
