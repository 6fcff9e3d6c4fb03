"""Proximal operators for numpy arrays and torch tensors alike."""
import math

import torch


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
