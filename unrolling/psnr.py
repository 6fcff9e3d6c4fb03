"""How near images are to the true ones."""
import numpy as np


def psnr_db(error, peak=1.0):
    """Peak signal-to-noise ratio, dB, at most 160: 10 log10(peak^2 / error).

    Parameters
    ----------
    error : ndarray, shape (n_images,)
        Mean squared errors.
    peak : float, or ndarray as error
        The range of the true values.
    """
    return -10 * np.log10(np.maximum(error / peak**2, 1e-16))
