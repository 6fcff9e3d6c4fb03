"""Signals whose dictionary is random, as several data sets draw them."""
import numpy as np

DENSITY = 0.05
"""Share of the entries of sparse codes that are not zero."""


def unit_atoms(n_dim, n_atoms, rng):
    """Atoms uniform on the sphere, the columns of an ndarray."""
    D = rng.standard_normal((n_dim, n_atoms))
    return D / np.linalg.norm(D, axis=0)


def draw(signals, noise, n_samples, D, rng):
    """Draw signals, and their codes where they have any.

    Parameters
    ----------
    signals : {"white", "codes", "sparse"}
        x iid normal; x = D z with z iid normal; x = D z with
        Bernoulli-Gaussian z that are not all zero.
    noise : float >= 0
        The norm of the normal vector that is added to x, relative to x's, on
        average; white signals have none.
    n_samples : int
    D : ndarray, shape (n_dim, n_atoms)
    rng : numpy Generator

    Returns
    -------
    x : ndarray, shape (n_samples, n_dim)
    z : ndarray, shape (n_samples, n_atoms), or None
    """
    n_dim, n_atoms = D.shape
    if signals == "white":
        return rng.standard_normal((n_samples, n_dim)), None
    z = rng.standard_normal((n_samples, n_atoms))
    if signals == "sparse":
        z *= at_least_one(rng.random(z.shape) < DENSITY, rng)
    x = z @ D.T
    if noise:
        size = noise * np.sqrt((x**2).mean())
        x += size * rng.standard_normal(x.shape)
    return x, z


def at_least_one(kept, rng):
    """Entries that are kept, with one at random in rows that keep none."""
    column = rng.integers(kept.shape[1], size=len(kept))
    empty = ~kept.any(axis=1)
    kept[empty, column[empty]] = True
    return kept
