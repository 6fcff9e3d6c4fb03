"""How close reconstructions are to the truth, sample by sample."""
import numpy as np
from scipy import sparse

DIVERGED = 1e4
"""What an error counts that is larger, or is not a number: means stay finite.
Points are of order one."""


def counted(errors):
    """Errors, at most DIVERGED, which also stands for NaN."""
    return np.nan_to_num(errors, nan=DIVERGED).clip(max=DIVERGED)


def mean_squares(x, truth):
    """Mean square error of each row as it is `counted`, (n_samples,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        return counted(((x - truth) ** 2).mean(axis=1))


def relative_errors(x, truth):
    """||x - truth|| / ||truth|| of each row as it is `counted`,
    (n_samples,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        return counted(np.linalg.norm(x - truth, axis=1)
                       / np.linalg.norm(truth, axis=1))


def dynamic_range(x, truth):
    """100 (max x - min x) / (max truth - min truth), the mean over the rows,
    in per cent: 100 where the contrast is right, less where it is smoothed
    away. Rows whose error counts as DIVERGED are left out; NaN if all are."""
    kept = mean_squares(x, truth) < DIVERGED
    if not kept.any():
        return np.nan
    return 100 * (np.ptp(x[kept], axis=1) / np.ptp(truth[kept], axis=1)).mean()


def neighbourhoods(edges, n):
    """Rows that average over an entry and its neighbours, sparse (n, n)."""
    i, j = np.concatenate([edges, edges[:, ::-1], np.tile(
        np.arange(n)[:, None], 2)]).T
    A = sparse.csr_matrix((np.ones(len(i)), (i, j)), shape=(n, n))
    return sparse.diags(1 / np.asarray(A.sum(axis=1)).ravel()) @ A


def mesh_ssim(x, truth, edges):
    """Structural similarity on a mesh, (n_samples,).

    The windows of Z. Wang et al., IEEE Trans. Image Process. 13(4), 2004,
    doi:10.1109/TIP.2003.819861, are a triangle and those that share a side
    with it; the dynamic range L in c1 = (0.01 L)^2, c2 = (0.03 L)^2 is the
    truth's. A sample that is not finite, or whose squares are not, has 0.
    """
    mean = neighbourhoods(edges, x.shape[1])
    x, truth = x.T, truth.T
    peak = np.ptp(truth, axis=0)
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    mu_x, mu_t = mean @ x, mean @ truth
    var_x, var_t = mean @ x**2 - mu_x**2, mean @ truth**2 - mu_t**2
    cov = mean @ (x * truth) - mu_x * mu_t
    similarity = ((2 * mu_x * mu_t + c1) * (2 * cov + c2)
                  / ((mu_x**2 + mu_t**2 + c1) * (var_x + var_t + c2)))
    return np.nan_to_num(similarity.mean(axis=0))
