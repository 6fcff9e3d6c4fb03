"""Which way to solve a batch of Lasso problems costs least.

Costs are in multiplications of a blocked product, which are five times faster
than those of a round of the active-set method, and ten times faster than
those of D with one vector. The numbers are fits to timings on one thread.
"""
import numpy as np

from unrolling.parallel import N_THREADS

ROUNDS = 10
"""What the active-set method takes, about."""


def support_size(c, lmbd, n_dim):
    """A guess of the mean number of atoms in a solution.

    As many atoms as have |d_j'x| > lmbd, and no more than n_dim: about right
    for independent atoms, and too large for correlated ones.

    Parameters
    ----------
    c : ndarray, shape (n_samples, n_atoms)
        x D of some samples.
    lmbd : ndarray, shape (n_samples, n_regs)
    n_dim : int
    """
    n_above = np.count_nonzero(abs(c) > lmbd.min(axis=1)[:, None])
    return min(n_above / max(1, len(c)), c.shape[1], n_dim)


def steps(n_dim, k):
    """Gradient steps to a gap of 1e-6, about, if k atoms violate their bound
    at zero.

    Random atoms of a support of k have singular values from 1 - q to 1 + q,
    q^2 = k / n_dim, and those that violate their bound are too many.
    """
    if k >= 0.75 * n_dim:
        return float("inf")
    q = (k * (1 - k / (2 * n_dim)) / n_dim) ** 0.5
    return 8 * (1 + q) / (1 - q)


def gradient_steps_cost(shape, n_samples, k):
    """Gradient steps on D'D, for all problems of a thread."""
    n_dim, n_atoms = shape
    return steps(n_dim, k) * (
        (in_turn(n_samples) + 10) * n_atoms**2
        + in_turn(n_samples) * 100 * n_atoms)


def active_set_cost(shape, n_samples, k):
    """Ten rounds of k n_atoms a problem, and its faces' factors."""
    return in_turn(n_samples) * (5 * ROUNDS * k * shape[1] + 5 * k**3)


def gradient_steps_pay(shape, n_samples, k):
    """Whether they cost less than rounds of the active-set method."""
    return gradient_steps_cost(shape, n_samples, k) < active_set_cost(
        shape, n_samples, k)


def gram_cost(shape, n_samples, k):
    """D'D, and the cheaper way to solve the problems with it."""
    n_dim, n_atoms = shape
    return n_dim * n_atoms**2 / (2 * N_THREADS) + min(
        gradient_steps_cost(shape, n_samples, k),
        active_set_cost(shape, n_samples, k))


def working_sets_cost(shape, n_samples, k):
    """Five working sets of up to k atoms a problem, each with the
    correlations of all atoms, its columns of D, gathered, and 0.3 ms of
    Python; and the factors of faces.

    A working set has twice the atoms of the support, but k, a guess, is
    seldom too small.
    """
    n_dim, n_atoms = shape
    return in_turn(n_samples) * (
        5 * n_dim * n_atoms * (1 + 10 / max(1, min(n_samples, 20)))
        + n_dim * k * (200 + k) + 5 * k**3 + 1e7)


def dictionary_cost(shape, n_samples, k):
    """Gradient steps on D: one pass over it for one problem, or two products,
    which transfer it twice, for several."""
    n_dim, n_atoms = shape
    n = in_turn(n_samples)
    return steps(n_dim, k) * n_dim * n_atoms * (10 if n == 1 else 8 + 4 * n)


def in_turn(n_samples):
    """The problems that one thread solves."""
    return -(-n_samples // N_THREADS)
