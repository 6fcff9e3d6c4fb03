"""Functional MRI: the haemodynamic response, and the scanner's noise."""
import numpy as np
from nilearn.glm.first_level import glover_hrf, spm_hrf

RESPONSES = {"spm": spm_hrf, "glover": glover_hrf}
FINE = 50
"""nilearn's time steps in a TR: its grid is exact to one of them."""


def sample_response(name, t_r, length=32.0):
    """The response to a unit event at 0, t_r, 2 t_r, ... s; its peak is 1.

    Sampled from a fine grid: with oversampling=1, nilearn's response would be
    late by a whole t_r.

    Parameters
    ----------
    name : {"spm", "glover"}
    t_r : float, s
    length : float, s

    Returns
    -------
    ndarray, shape (n_taps,)
    """
    hrf = RESPONSES[name](t_r, oversampling=FINE, time_length=length)[::FINE]
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
