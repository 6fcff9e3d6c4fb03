"""The peak signal-to-noise ratio is its definition, up to its cap."""
import numpy as np

from unrolling.psnr import psnr_db


def test_definition():
    """10 % of the peak is 20 dB, 1 % is 40 dB, whatever the peak is."""
    for peak in (1.0, 255.0, np.array([0.5, 3.0])):
        error = np.array([0.1, 0.01]) ** 2 * peak**2
        np.testing.assert_allclose(psnr_db(error, peak), [20, 40])


def test_no_error_is_160_db():
    assert (psnr_db(np.zeros(3)) == 160).all()
    assert (psnr_db(np.zeros(3), peak=7.0) == 160).all()
