"""Proximal gradient steps for the l1 norm, in one pass over the arrays."""
import numpy as np
import torch
from numba import njit, types
from numba.extending import overload

from unrolling.prox import refuse_second_derivative, soft_threshold


def proximal_step(z, direction, step, t, out=None):
    """ST(z - step * direction, t), for arrays of numpy and of torch.

    On the CPU this is one pass over the arrays, forward and backward. It is
    differentiable in all four, once, where torch records gradients.

    Parameters
    ----------
    z, direction : ndarrays or Tensors, shape (n_samples, n_atoms)
        In float32 or float64.
    step, t : floats, or ndarrays or Tensors of shape () or (n_atoms,)
        One of each for all atoms, or one per atom; t >= 0.
    out : ndarray or Tensor of that shape, or None
        Where the result goes, z or direction if they are no longer needed;
        by default a new array. Ignored where gradients are recorded.

    Returns
    -------
    ndarray or Tensor, shape of z
    """
    if isinstance(z, np.ndarray):
        out = np.empty_like(z) if out is None else out
        threshold_step(z, direction, as_entries(step, z.dtype),
                       as_entries(t, z.dtype), out)
        return out
    if z.device.type != "cpu":
        return soft_threshold(z - step * direction, t)
    if torch.is_grad_enabled():
        step, t = (
            torch.as_tensor(v, dtype=z.dtype).expand(z.shape[1]).contiguous()
            for v in (step, t))
        return _ProximalStep.apply(z, direction, step, t)
    out = torch.empty_like(direction) if out is None else out
    proximal_step(z.numpy(), direction.numpy(), step, t, out.numpy())
    return out


def as_entries(v, dtype):
    """What `threshold_step` takes, of a number or array: scalar or array."""
    if isinstance(v, torch.Tensor):
        v = v.numpy() if v.ndim else v.item()
    return v if np.ndim(v) else dtype.type(v)


class _ProximalStep(torch.autograd.Function):
    """One node of the graph, with one vector of steps and one of t."""

    @staticmethod
    def forward(ctx, z, direction, step, t):
        out = torch.empty_like(direction)
        threshold_step(*(
            v.detach().numpy() for v in (z, direction, step, t, out)))
        ctx.save_for_backward(out, direction, step)
        return out

    @staticmethod
    def backward(ctx, grad):
        refuse_second_derivative("proximal_step")
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
def threshold_step(z, direction, step, t, out):
    """Write ST(z - step * direction, t) to out, in one pass.

    Parameters
    ----------
    z, direction, out : ndarrays, shape (n_samples, n_atoms)
        out may be one of the other two.
    step, t : scalars, or ndarrays of shape (n_atoms,); of their dtype
    """
    # through a row of its own: where arrays may be the same, LLVM makes no
    # vector code
    row = np.empty(z.shape[1], z.dtype)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            v = z[i, j] - entry(step, j) * direction[i, j]
            t_j = entry(t, j)
            row[j] = v - min(max(v, -t_j), t_j)
        for j in range(z.shape[1]):
            out[i, j] = row[j]


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
