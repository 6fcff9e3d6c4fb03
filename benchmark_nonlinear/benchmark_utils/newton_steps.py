"""Regularised Gauss-Newton steps of many problems at once."""
import numpy as np


def tikhonov_step(J, r, alpha):
    """argmin_d ||J d - r||^2 + alpha ||d||^2 of each sample.

    In the space of the data, where J has fewer rows than columns.

    Parameters
    ----------
    J : ndarray, shape (n_samples, n_y, n_x)
    r : ndarray, shape (n_samples, n_y)
    alpha : float > 0, or ndarray of shape (n_samples,)

    Returns
    -------
    ndarray, shape (n_samples, n_x)
    """
    alpha = np.broadcast_to(alpha, len(J))[:, None, None]
    Jt = J.transpose(0, 2, 1)
    if J.shape[1] <= J.shape[2]:
        H = J @ Jt + alpha * np.eye(J.shape[1])
        return (Jt @ solve(H, r[..., None]))[..., 0]
    H = Jt @ J + alpha * np.eye(J.shape[2])
    return solve(H, Jt @ r[..., None])[..., 0]


def solve(H, right):
    """Solutions of positive definite systems, NaN where one is not finite."""
    sound = np.isfinite(H).all(axis=(1, 2)) & np.isfinite(
        right).all(axis=(1, 2))
    found = np.full(right.shape, np.nan)
    found[sound] = np.linalg.solve(H[sound], right[sound])
    return found


def gauss_newton_start(K, background, n_steps, reg):
    """A rule for initial guesses: y (n_samples, n_y) -> x (n_samples, n_x).

    n_steps of the iteratively regularised Gauss-Newton method from the
    background, alpha = reg ||J||^2 / 2^k at step k = 0, 1, ...
    """
    unit = K.norm(background) ** 2

    def start(y):
        x = np.tile(background, (len(y), 1))
        for k in range(n_steps):
            at = K.at(x)
            J, moved = at.jacobian(), x - background
            r = y - at.value + (J @ moved[..., None])[..., 0]
            x = K.project(
                background + tikhonov_step(J, r, reg * unit / 2**k))
        return x

    return start


def neighbour_pairs(K):
    """Pairs of neighbouring entries of x, (n_pairs, 2)."""
    if K.x_edges is not None:
        return K.x_edges
    return np.arange(K.n_x - 1)[:, None] + [0, 1]
