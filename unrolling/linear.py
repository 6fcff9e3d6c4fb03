"""The data fit 1/2 ||x - A u||^2 of many x that share one A.

Samples are rows: A (n_dim, n_coefs), x (n_samples, n_dim),
u (n_samples, n_coefs). Arrays of numpy and of torch, on any device, alike.
"""
import numpy as np


def lipschitz(A):
    """L = ||A||_2^2, the Lipschitz constant of u -> A'(Au - x).

    Parameters
    ----------
    A : ndarray or Tensor, shape (n_dim, n_coefs)

    Returns
    -------
    float, infinity where float64 cannot express it

    Raises
    ------
    ValueError
        A is no dense matrix of finite numbers.
    """
    A = A.numpy(force=True) if hasattr(A, "numpy") else np.asarray(A)
    if A.dtype == object:  # as of a sparse array
        raise ValueError(
            "expected a dense array of numbers, got one of objects: pass "
            "toarray() of a sparse one")
    if A.ndim != 2 or not np.isfinite(A).all():
        raise ValueError(
            "expected a 2-D array of finite numbers, got shape "
            f"{A.shape} with {np.sum(~np.isfinite(A))} NaN or infinite ones")
    with np.errstate(over="ignore"):
        return float(np.float64(np.linalg.norm(A, ord=2)) ** 2)


def is_identity(A):
    """Whether an ndarray A, (n_dim, n_coefs), is the identity matrix."""
    return bool(A.shape[0] == A.shape[1] and (A.diagonal() == 1).all()
                and np.count_nonzero(A) == len(A))


def squared_norms(x):
    """||x||^2 of each row of an ndarray, (n_samples,), in one pass."""
    return np.einsum("ij,ij->i", x, x)


class LeastSquares:
    """The gradient of 1/2 ||x - A u||^2 in u, without temporary arrays.

    Parameters
    ----------
    A, x : ndarrays, or Tensors on one device, of one dtype
        Shapes (n_dim, n_coefs) and (n_samples, n_dim).
    """

    def __init__(self, A, x):
        self.A, self.x = A, x
        self.is_numpy = isinstance(x, np.ndarray)
        self.residual = np.empty_like(x) if self.is_numpy else None
        self.gradient = self.zeros()

    def zeros(self):
        """u = 0 for each sample, a new array (n_samples, n_coefs)."""
        shape = self.x.shape[0], self.A.shape[1]
        if self.is_numpy:
            return np.zeros(shape, self.x.dtype)
        return self.x.new_zeros(shape)

    def derivative(self, residual, rows=slice(None)):
        """The derivative of the fit in the residuals A u - x of some of the
        samples, (n_rows, n_dim): the residuals themselves."""
        return residual

    def cost(self, residual, rows=slice(None)):
        """1/2 ||A u - x||^2 of each of these samples, (n_rows,)."""
        return 0.5 * squared_norms(residual)

    def grad(self, u):
        """A'(Au - x), (n_samples, n_coefs): overwritten by the next call."""
        A, x, residual = self.A, self.x, self.residual
        if self.is_numpy:
            np.matmul(u, A.T, out=residual)
            np.subtract(residual, x, out=residual)
            return np.matmul(residual, A, out=self.gradient)
        return self.gradient.addmm_(x.addmm(u, A.T, beta=-1), A, beta=0)
