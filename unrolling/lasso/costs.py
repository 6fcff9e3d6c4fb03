"""Which way to solve a batch of Lasso problems costs least.

Costs are in multiplications of a blocked product, which are five times faster
than those of a round of the active-set method or of coordinate descent, and
ten times faster than those of D with one vector.
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


def coordinate_descent_pays(shape, k):
    """Whether solutions have so many atoms that coordinate descent is faster.

    The factor of a face costs k^3 / 3 multiplications, a round or a cycle
    k n_atoms. Random atoms of a support have singular values from
    1 - sqrt(k / n_dim) to 1 + sqrt(k / n_dim): with k near n_dim, cycles do
    not end.
    """
    n_dim, n_atoms = shape
    return k**2 > 30 * n_atoms and k < 0.75 * n_dim


def cycles(shape, k):
    """A guess of the cycles of coordinate descent for supports of k atoms."""
    return 10 / (1 - min(0.9, k / shape[0]) ** 0.5)


def gram_cost(shape, n_samples, k):
    """D'D, and ten rounds, or some cycles, of k n_atoms a problem."""
    n_dim, n_atoms = shape
    n_passes = ROUNDS
    if coordinate_descent_pays(shape, k):
        n_passes = cycles(shape, k)
    return (n_dim * n_atoms**2 / (2 * N_THREADS)
            + in_turn(n_samples) * 5 * n_passes * k * n_atoms)


def working_sets_cost(shape, n_samples, k):
    """Five working sets of up to k atoms a problem, each with the
    correlations of all atoms, and 0.3 ms of Python.

    A working set has twice the atoms of the support, but k, a guess, is
    seldom too small.
    """
    n_dim, n_atoms = shape
    return in_turn(n_samples) * (
        5 * n_dim * n_atoms * (1 + 10 / max(1, min(n_samples, 20)))
        + n_dim * k**2 + 50 * k**2 + 1e7)


def atoms_cost(shape, n_samples, k):
    """A copy of D by columns, and cycles over them."""
    n_dim, n_atoms = shape
    if not coordinate_descent_pays(shape, k):
        return float("inf")
    return 20 * n_dim * n_atoms + in_turn(n_samples) * (
        5 * cycles(shape, k) * n_dim * k + 10 * n_dim * n_atoms)


def in_turn(n_samples):
    """The problems that one thread solves."""
    return -(-n_samples // N_THREADS)
