"""Proximal operators for numpy arrays and torch tensors alike."""
import math

import numpy as np
import torch

from unrolling import string_splitting, taut_string
from unrolling.checks import as_reals, same_shape


def soft_threshold(v, t):
    """Soft-thresholding ST(v, t), the prox of t * ||.||_1, entry by entry.

    ST(v, t) = argmin_z 1/2 (z - v)^2 + t |z| = v - clip(v, -t, t).

    Parameters
    ----------
    v : ndarray or Tensor, any shape
        The point; NaN entries stay NaN. Tensors are of floating point.
    t : float, ndarray or Tensor broadcastable to v, >= 0
        The threshold, in the unit of v. It is not checked: this is the inner
        loop of every solver. Networks keep it positive by construction.

    Returns
    -------
    ndarray or Tensor, shape of v
        For tensors the backward pass is exact: with s = sign(ST(v, t)), the
        derivative is s^2 in v and -s in t (Gregor & LeCun, ICML 2010).

    Raises
    ------
    TypeError
        A Tensor of integers.
    ValueError
        t has more axes or entries than v.
    """
    if not isinstance(v, torch.Tensor):
        return same_shape(v, t, v - v.clip(-t, t))
    if not v.is_floating_point():
        raise TypeError(
            f"v must be a Tensor of floating point, got {v.dtype}: "
            "convert it, as by v.double()")
    return _SoftThreshold.apply(v, torch.as_tensor(t, dtype=v.dtype))


class _SoftThreshold(torch.autograd.Function):
    """One node of the graph that keeps one array, instead of five of each."""

    @staticmethod
    def forward(ctx, v, t):
        # softshrink refuses a threshold that has overflowed
        if t.ndim == 0 and math.isfinite(t.item()):
            z = torch.nn.functional.softshrink(v, t.item())
        else:
            t = t.to(v.device)
            z = same_shape(v, t, v - torch.clamp(v, -t, t))
        ctx.save_for_backward(z)
        ctx.t_shape = t.shape
        return z

    @staticmethod
    def backward(ctx, grad):
        sign = ctx.saved_tensors[0].sign()
        grad_t = -(grad * sign).sum_to_size(ctx.t_shape)
        return grad * sign.abs(), grad_t


def refuse_second_derivative(name):
    """RuntimeError in a backward pass whose graph is asked for.

    What such a pass computes without autograd has no derivative; torch's
    `once_differentiable` says so to `backward`, and not to `autograd.grad`,
    where second derivatives would be zeros.
    """
    if torch.is_grad_enabled():
        raise RuntimeError(
            f"{name} has no second derivative, got create_graph=True: compute "
            "first derivatives only, or differences of them")


def project_l1_ball(v, radius):
    """The nearest point to each row with ||.||_1 <= radius.

    It is ST(v, t) with the least threshold t >= 0 that suffices, found by
    sorting: J. Duchi, S. Shalev-Shwartz, Y. Singer and T. Chandra, Efficient
    projections onto the l1-ball for learning in high dimensions, ICML 2008,
    doi:10.1145/1390156.1390191.

    Parameters
    ----------
    v : ndarray or Tensor, shape (n_samples, n_dim)
        Finite; n_dim >= 1. Tensors are of floating point.
    radius : float, ndarray or Tensor, of shape () or (n_samples, 1), > 0
        It is not checked, as that of `soft_threshold`.

    Returns
    -------
    ndarray or Tensor, shape of v
    """
    size = abs(v)
    if isinstance(v, torch.Tensor):
        ordered = size.sort(dim=1, descending=True).values
        count = torch.arange(1, v.shape[1] + 1, device=v.device)
    else:
        ordered = np.sort(size, axis=1)[:, ::-1]
        count = np.arange(1, v.shape[1] + 1)
    # the entries that stay nonzero are the k largest; t is their excess / k
    excess = ordered.cumsum(1) - radius
    k = (ordered * count > excess).sum(1)[:, None].clip(1)
    return soft_threshold(v, (_take(excess, k - 1) / k).clip(0))


def _take(values, index):
    """One entry of each row, (n_samples, 1)."""
    if isinstance(values, torch.Tensor):
        return values.gather(1, index)
    return np.take_along_axis(values, index, axis=1)


def prox_linf(v, t):
    """The prox of t ||.||_inf of each row: v minus its projection on the
    l1-ball of radius t (Moreau's identity).

    Parameters and result as for `project_l1_ball`, with t its radius.
    """
    return v - project_l1_ball(v, t)


def prox_tv(u, lmbd):
    """The prox of lmbd ||nabla .||_1 on each row, nabla v the differences.

    argmin_v 1/2 ||u - v||^2 + lmbd sum_i |v_{i+1} - v_i|, exact up to
    rounding. On the CPU it takes O(n_times) operations for each row whatever
    u is, on all cores (see `unrolling.taut_string`); on other devices all
    rows are computed at once (see `unrolling.string_splitting`).

    Parameters
    ----------
    u : ndarray or Tensor, shape (n_samples, n_times)
        Signals are rows; pass u[None] for one. Arrays that are not float32
        become float64; tensors are of either.
    lmbd : float, ndarray or Tensor, of shape () or (n_samples,), >= 0
        One for all rows or one for each, in the unit of u.

    Returns
    -------
    ndarray or Tensor, as u
        For tensors the backward pass, in u and lmbd, is exact and takes
        O(n_times), too. With the segments on which the result is constant,
        the derivative in u is the mean over the segment, that in lmbd
        (s_after - s_before) / length, with the signs s of the jumps at its
        ends. Equal neighbours are a segment at lmbd = 0, too, where the prox
        is the identity. The backward pass has no derivative of its own: with
        create_graph=True it raises RuntimeError.

    Raises
    ------
    ValueError
        Another shape, no times, NaN or infinity, no real numbers, lmbd < 0.
    """
    if isinstance(u, torch.Tensor):
        lmbd = torch.as_tensor(lmbd, dtype=u.dtype)
    else:
        if getattr(u, "dtype", None) != np.float32:
            u = as_reals("u", u)
        lmbd = as_reals("lmbd", lmbd)
    check_tv(u, lmbd)
    solution = unchecked_prox_tv(u, lmbd)
    check_ends(u, solution)
    return solution


def check_tv(u, lmbd):
    """ValueError unless these arrays or Tensors are what `prox_tv` takes; u
    may hold NaN and infinities."""
    if u.ndim != 2 or not u.shape[1]:
        raise ValueError(
            "u must have shape (n_samples, n_times), n_times >= 1, got "
            f"{tuple(u.shape)}: signals are rows, pass u[None] for one")
    if isinstance(u, torch.Tensor) and u.dtype not in (
            torch.float32, torch.float64):
        raise ValueError(
            f"u must be of float32 or float64, got {u.dtype}: convert it, as "
            "by u.double()")
    if lmbd.ndim and tuple(lmbd.shape) != (len(u),):
        raise ValueError(
            f"lmbd must be one number or one per row of u ({len(u)}), got "
            f"shape {tuple(lmbd.shape)}")
    if not ((lmbd >= 0) & (lmbd < math.inf)).all():
        raise ValueError(f"lmbd must be finite and >= 0, got {lmbd}")


def check_ends(u, solution):
    """ValueError if u is not finite.

    A row with NaN or infinity has a solution that ends so. A look at all of u
    would take a tenth of the time of the prox.
    """
    xp = torch if isinstance(u, torch.Tensor) else np
    if not xp.isfinite(solution[:, -1]).all() and not xp.isfinite(u).all():
        raise ValueError(
            f"u must be finite, got {int((~xp.isfinite(u)).sum())} NaN or "
            "infinite entries: drop or impute them first")


def unchecked_prox_tv(u, lmbd):
    """`prox_tv` of floating point arrays or Tensors that are right already.

    Rows with NaN or infinity end so, too: a training that diverges says it
    itself.
    """
    if isinstance(u, torch.Tensor):
        return _ProxTV.apply(u, torch.as_tensor(lmbd, dtype=u.dtype))
    return taut_string.taut_string(
        np.ascontiguousarray(u), np.full(len(u), lmbd))


class _ProxTV(torch.autograd.Function):
    """One node of the graph, which keeps the solution alone."""

    @staticmethod
    def forward(ctx, u, lmbd):
        t = lmbd.detach().to(u.device).expand(len(u))
        if u.device.type == "cpu":
            solution = torch.from_numpy(taut_string.taut_string(
                u.detach().contiguous().numpy(), t.contiguous().numpy(),
                torch.get_num_threads()))
        else:
            solution = string_splitting.taut_string(u, t)
        ctx.save_for_backward(solution)
        ctx.lmbd = lmbd.shape, lmbd.device
        return solution

    @staticmethod
    def backward(ctx, grad):
        refuse_second_derivative("prox_tv")
        [solution] = ctx.saved_tensors
        if solution.device.type == "cpu":
            grad_u, grad_lmbd = map(
                torch.from_numpy, taut_string.taut_string_backward(
                    grad.contiguous().numpy(), solution.numpy(),
                    torch.get_num_threads()))
        else:
            grad_u, grad_lmbd = string_splitting.taut_string_backward(
                grad, solution)
        shape, device = ctx.lmbd
        return grad_u, grad_lmbd.sum_to_size(shape).to(device)
