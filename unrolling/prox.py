"""Proximal operators for numpy arrays and torch tensors alike."""
import math

import numpy as np
import torch
from numba import njit, types
from numba.extending import overload


def soft_threshold(v, t):
    """Soft-thresholding ST(v, t), the prox of t * ||.||_1, entry by entry.

    ST(v, t) = argmin_z 1/2 (z - v)^2 + t |z| = v - clip(v, -t, t).

    Parameters
    ----------
    v : ndarray or Tensor, any shape
        The point; NaN entries stay NaN.
    t : float, ndarray or Tensor broadcastable to v, >= 0
        The threshold, in the unit of v. It is not checked: this is the inner
        loop of every solver. Networks keep it positive by construction.

    Returns
    -------
    ndarray or Tensor, shape of v
        For tensors the backward pass is exact: with s = sign(ST(v, t)), the
        derivative is s^2 in v and -s in t (Gregor & LeCun, ICML 2010).
    """
    if isinstance(v, torch.Tensor):
        return _SoftThreshold.apply(v, torch.as_tensor(t, dtype=v.dtype))
    return v - v.clip(-t, t)


class _SoftThreshold(torch.autograd.Function):
    """One node of the graph that keeps one array, instead of five of each."""

    @staticmethod
    def forward(ctx, v, t):
        # softshrink refuses a threshold that has overflowed
        if t.ndim == 0 and math.isfinite(t.item()):
            z = torch.nn.functional.softshrink(v, t.item())
        else:
            t = t.to(v.device)
            z = v - torch.clamp(v, -t, t)
        ctx.save_for_backward(z)
        ctx.t_shape = t.shape
        return z

    @staticmethod
    def backward(ctx, grad):
        sign = ctx.saved_tensors[0].sign()
        grad_t = -(grad * sign).sum_to_size(ctx.t_shape)
        return grad * sign.abs_(), grad_t


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
