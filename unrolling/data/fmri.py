"""Functional MRI: the haemodynamic response, and the scanner's noise.

nilearn takes as long to import as numpy, pandas and benchopt together, and
benchopt imports all data sets in each run: it is imported once a response is
asked for. Without it, this module cannot be imported, so that benchopt skips
its data sets.
"""
from importlib import import_module
from importlib.util import find_spec

import numpy as np

if find_spec("nilearn") is None:
    raise ModuleNotFoundError("No module named 'nilearn'", name="nilearn")

RESPONSES = "spm", "glover"
FINE = 50
"""nilearn's time steps in a TR: its grid is exact to one of them."""


def sample_response(name, t_r, length=32.0):
    """The response to a unit event at 0, t_r, 2 t_r, ... s; its peak is 1.

    Sampled from a fine grid: with oversampling=1, nilearn's response would be
    late by a whole t_r.

    Parameters
    ----------
    name : one of RESPONSES
    t_r : float, s
    length : float, s

    Returns
    -------
    ndarray, shape (n_taps,)
    """
    nilearn = import_module("nilearn.glm.first_level")
    response = getattr(nilearn, f"{name}_hrf")
    hrf = response(t_r, oversampling=FINE, time_length=length)[::FINE]
    return hrf / hrf.max()


def ar1(n_samples, n_scans, rng, correlation=0.4):
    """Stationary first-order autoregressive noise of unit variance.

    Returns
    -------
    ndarray, shape (n_samples, n_scans)
    """
    noise = rng.standard_normal((n_samples, n_scans))
    noise[:, 1:] *= np.sqrt(1 - correlation**2)
    for i in range(1, n_scans):
        noise[:, i] += correlation * noise[:, i - 1]
    return noise
