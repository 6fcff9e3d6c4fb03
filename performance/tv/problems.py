"""Problems for the measurements."""
import numpy as np
from scipy.linalg import toeplitz
from scipy.stats import gamma

from unrolling.tv import tv_lmbd_max


def make_problems(n_samples, n_dim, n_times, n_blocks=10, seed=0):
    """Gaussian A, blocks with n_blocks jumps, about, and 10% of noise.

    Returns A (n_dim, n_times) and x (n_samples, n_dim) with lmbd_max = 1.
    """
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((n_dim, n_times))
    jumps = rng.standard_normal((n_samples, n_times)) * (
        rng.uniform(size=(n_samples, n_times)) < n_blocks / n_times)
    x = jumps.cumsum(axis=1) @ A.T
    x += 0.1 * x.std() * rng.standard_normal(x.shape)
    return A, x / tv_lmbd_max(A, x)[:, None]


def fmri_like(n_samples, n_times=250, seed=0):
    """Blocks of activity, convolved with a haemodynamic response.

    A frame every 0.735 s; the response is the usual difference of two gamma
    densities over 44 frames, its peak 1 and its first tap zero, so that A is
    singular. Each series has 3 to 7 blocks of 5 to 39 frames, and noise that
    is 1 dB below it. As `make_problems`.
    """
    rng = np.random.default_rng(seed)
    t = 0.735 * np.arange(44)
    h = np.zeros(n_times)
    h[:44] = gamma.pdf(t, 6) - gamma.pdf(t, 16) / 6
    A = toeplitz(h / h.max(), np.zeros(n_times))
    u = np.zeros((n_samples, n_times))
    for row in u:
        for _ in range(rng.integers(3, 8)):
            start, length = rng.integers(n_times), rng.integers(5, 40)
            row[start:start + length] = rng.standard_normal()
    x = u @ A.T
    noise = rng.standard_normal(x.shape)
    x += noise * (10**-0.05 * np.linalg.norm(x, axis=1)
                  / np.linalg.norm(noise, axis=1))[:, None]
    return A, x / tv_lmbd_max(A, x)[:, None]
