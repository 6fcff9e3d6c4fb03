"""Proximal gradient steps for a batch of Lasso problems, in one pass."""
import numpy as np
import torch
from numba import njit, types
from numba.extending import overload

from unrolling.prox import soft_threshold


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


def proximal_step(z, direction, step, t):
    """ST(z - step * direction, t) of tensors, differentiable in all four.

    On the CPU in one pass over the arrays, forward and backward. Without
    gradients (`torch.no_grad`) the result overwrites direction.

    Parameters
    ----------
    z, direction : Tensors, shape (n_samples, n_atoms), float32 or float64
    step, t : floats, or Tensors of shape () or (n_atoms,), t >= 0
        One of each for all atoms, or one per atom.

    Returns
    -------
    Tensor, shape of z
    """
    if z.device.type != "cpu":
        return soft_threshold(z - step * direction, t)
    if torch.is_grad_enabled():
        step, t = (
            torch.as_tensor(v, dtype=z.dtype).expand(z.shape[1]).contiguous()
            for v in (step, t))
        return _ProximalStep.apply(z, direction, step, t)
    z = z.numpy()
    threshold_step(z, direction.numpy(), as_entries(step, z.dtype),
                   as_entries(t, z.dtype))
    return direction


def as_entries(v, dtype):
    """What `threshold_step` takes, of a number or tensor: scalar or array."""
    if isinstance(v, torch.Tensor):
        v = v.numpy() if v.ndim else v.item()
    return v if isinstance(v, np.ndarray) else dtype.type(v)


class _ProximalStep(torch.autograd.Function):
    """One node of the graph, with one vector of steps and one of t."""

    @staticmethod
    def forward(ctx, z, direction, step, t):
        out = direction.clone()
        threshold_step(*(v.detach().numpy() for v in (z, out, step, t)))
        ctx.save_for_backward(out, direction, step)
        return out

    @staticmethod
    def backward(ctx, grad):
        out, direction, step = (v.numpy() for v in ctx.saved_tensors)
        grads = (torch.empty_like(grad), torch.empty_like(grad),
                 grad.new_zeros(len(step)), grad.new_zeros(len(step)))
        threshold_step_backward(grad.contiguous().numpy(), out, direction,
                                step, *(v.numpy() for v in grads))
        return grads


def entry(v, j):
    """v[j], or the scalar v; for compiled functions, whatever v is."""
    return v[j] if isinstance(v, np.ndarray) else v


@overload(entry)
def compile_entry(v, j):
    if isinstance(v, types.Array):
        return lambda v, j: v[j]
    return lambda v, j: v


@njit(cache=True, nogil=True)
def threshold_step(z, direction, step, t):
    """Overwrite direction by ST(z - step * direction, t), in one pass.

    Parameters
    ----------
    z, direction : ndarrays, shape (n_samples, n_atoms)
    step, t : scalars, or ndarrays of shape (n_atoms,); of their dtype
    """
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            v = z[i, j] - entry(step, j) * direction[i, j]
            t_j = entry(t, j)
            direction[i, j] = v - min(max(v, -t_j), t_j)


@njit(cache=True)
def threshold_step_backward(grad, out, direction, step, grad_z,
                            grad_direction, grad_step, grad_t):
    """Derivatives: write the first two of grad_*, add to the last two."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            sign = np.sign(out[i, j])
            g = grad[i, j] * abs(sign)
            grad_z[i, j] = g
            grad_direction[i, j] = -step[j] * g
            grad_step[j] -= g * direction[i, j]
            grad_t[j] -= grad[i, j] * sign
