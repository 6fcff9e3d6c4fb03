"""Proximal gradient steps for a batch of Lasso problems, in place."""
import numpy as np
import torch

from unrolling.prox import threshold_step


class ProximalGradient:
    """z <- ST(y - step D'(Dy - x), step lmbd), without temporary arrays.

    One call costs the two matrix products and one pass over z. The arrays
    that it returns are its own, used in turn: a result is overwritten by the
    second call after it.

    Parameters
    ----------
    D, x : ndarrays, or both Tensors on one device
        Shapes (n_dim, n_atoms) and (n_samples, n_dim).
    lmbd : float
    """

    def __init__(self, D, x, lmbd):
        self.D, self.x, self.lmbd = D, x, lmbd
        empty = np.empty if isinstance(x, np.ndarray) else x.new_empty
        shape = (x.shape[0], D.shape[1])
        self.residual = empty(tuple(x.shape), dtype=x.dtype)
        self.out = [empty(shape, dtype=x.dtype) for _ in range(2)]

    def start(self):
        """The start point z = 0, shape (n_samples, n_atoms)."""
        self.out[0][...] = 0
        return self.out[0]

    def __call__(self, y, step):
        D, x, residual = self.D, self.x, self.residual
        self.out.reverse()
        out = self.out[0]
        if isinstance(x, np.ndarray):
            np.matmul(y, D.T, out=residual)
            residual -= x
            np.matmul(residual, D, out=out)
            threshold_step(y, out, x.dtype.type(step),
                           x.dtype.type(step * self.lmbd))
        else:
            torch.addmm(x, y, D.T, beta=-1, out=residual)
            torch.mm(residual, D, out=out)
            torch.sub(y, out, alpha=step, out=out)
            torch.ops.aten.softshrink.out(out, step * self.lmbd, out=out)
        return out
