"""What the simulated data sets draw: signals, noise, training and test."""
import numpy as np

from unrolling.data import refused
from unrolling.options import COUNT, FINITE, SHARE, first_outside

NOISES = {
    "gaussian": lambda shape, rng: rng.standard_normal(shape),
    "laplace": lambda shape, rng: rng.laplace(scale=0.5**0.5, size=shape),
}
"""Name -> independent noise of unit variance, of a shape."""


def blocks(n_samples, n_times, density, rng):
    """Piecewise constant signals, with a normal jump at a time in 1/density.

    Returns
    -------
    ndarray, shape (n_samples, n_times)
    """
    jumps = rng.random((n_samples, n_times)) < density
    jumps[:, 0] = True
    return np.cumsum(
        jumps * rng.standard_normal(jumps.shape), axis=1)


def jumps(n_samples, n_times, density, rng):
    """Piecewise constant signals that start from 0 and have few normal jumps.

    The jumps are density * n_times, rounded down, each at a time drawn anew;
    of those at the same time one remains. Without a jump at the first time
    the signal starts at 0.

    Returns
    -------
    ndarray, shape (n_samples, n_times)
    """
    times = rng.integers(
        n_times, size=(n_samples, n_jumps(density, n_times)))
    heights = np.zeros((n_samples, n_times))
    np.put_along_axis(
        heights, times, rng.standard_normal(times.shape), axis=1)
    return np.cumsum(heights, axis=1)


def n_jumps(density, n_times):
    """How many jumps `jumps` draws."""
    return int(density * n_times)


def sinus(n_samples, n_times, rng):
    """One to three periods of a sine, at a random phase and a normal level.

    Returns
    -------
    ndarray, shape (n_samples, n_times)
    """
    periods, phase = (
        rng.uniform(*bounds, (n_samples, 1))
        for bounds in ((1, 3), (0, 2 * np.pi)))
    times = 2 * np.pi * np.arange(n_times) / n_times
    return rng.standard_normal((n_samples, 1)) + np.sin(
        periods * times + phase)


SIGNALS = {
    "blocks": blocks,
    "jumps": jumps,
    "sinus": lambda n_samples, n_times, density, rng: sinus(
        n_samples, n_times, rng),
}
"""Name -> signals (n_samples, n_times), of a density of jumps; sines have
none."""


RANGES = dict.fromkeys(
    ("n_dim", "n_times", "n_scans", "n_taps", "n_train", "n_test"), COUNT
) | {"density": SHARE, "snr_db": FINITE}
"""Name of a parameter -> the values that it may have."""


def refusal(dataset, **choices):
    """What `get_data` returns for parameters that cannot be, or None.

    Parameters
    ----------
    dataset : benchopt.BaseDataset
    **choices : name of a parameter -> its known values

    Returns
    -------
    dict or None, see `unrolling.data.refused`
    """
    for name, known in choices.items():
        value = getattr(dataset, name)
        if value not in known:
            return refused(f"{name} must be {' or '.join(known)}, got "
                           f"{name}={value}")
    reason = first_outside(dataset, {
        name: range_ for name, range_ in RANGES.items()
        if hasattr(dataset, name)})
    if reason:
        return refused(reason)
    if getattr(dataset, "signals", None) == "jumps" and not n_jumps(
            dataset.density, dataset.n_times):
        return refused(
            f"density must be at least 1/n_times = {1 / dataset.n_times:.3g} "
            f"for jumps, got density={dataset.density}")
    return None


def observe(A, u, noise, snr_db):
    """x = A u + noise, each row with that ratio of the energies, in dB.

    Parameters
    ----------
    A : ndarray, shape (n_dim, n_times), or None for the identity
    u : ndarray, shape (n_samples, n_times)
    noise : ndarray, shape (n_samples, n_dim)
        Of unit variance.
    snr_db : float

    Returns
    -------
    ndarray, shape (n_samples, n_dim)
    """
    clean = u if A is None else u @ A.T
    level = np.sqrt((clean**2).sum(axis=1) / (noise**2).sum(axis=1))
    return clean + 10 ** (-snr_db / 20) * level[:, None] * noise


def split(A, x, u, n_train):
    """The first n_train samples for training, the others for testing."""
    return {"A": A, "x_train": x[:n_train], "x_test": x[n_train:],
            "u_train": u[:n_train], "u_test": u[n_train:]}
