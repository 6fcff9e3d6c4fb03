"""The prox of lmbd ||nabla .||_1 on all rows of a tensor at once, for GPUs.

`unrolling.taut_string` walks along one string; here all strings are split at
once, round by round. A chord between two points of the string that stays in
the tube is the string. If it leaves the tube, then the string touches the
tube's upper end where the chord is farthest above it: between two touches of
the upper end the string is concave, so chord minus string is largest at one
of them. The same holds below, so each round splits a chord at two points or
more. Rounds are few, since the pieces shrink like those of quicksort.
"""
import torch


@torch.no_grad()
def taut_string(u, lmbd):
    """argmin_v 1/2 ||u - v||^2 + lmbd ||nabla v||_1 for each row u.

    Parameters
    ----------
    u : Tensor of float32 or float64, shape (n_samples, n_times)
    lmbd : Tensor, shape (n_samples,), >= 0, on the same device

    Returns
    -------
    Tensor, shape, dtype and device of u. Computed in float64; rounding errors
    are some 1e-16 of the largest |sum of the first k entries of u - mean|.
    """
    y, width = u.double(), lmbd.double()[:, None]
    mean = y.mean(dim=1, keepdim=True)
    center = torch.nn.functional.pad((y - mean).cumsum(dim=1), (1, 0))
    center[:, -1] = 0
    rounding = 8 * torch.finfo(torch.float64).eps * (
        center.abs().amax(dim=1, keepdim=True) + width)
    touched = torch.zeros_like(center, dtype=torch.bool)
    touched[:, 0] = touched[:, -1] = True
    string = center.clone()  # where touched
    position = torch.arange(center.shape[1], device=u.device)
    while True:
        left, right = pieces(touched)
        start, end = string.gather(1, left), string.gather(1, right)
        share = (position - left).double() / (right - left).clamp(min=1)
        above = torch.lerp(start, end, share) - center
        upper = farthest(above - width, left, rounding)
        lower = farthest(-above - width, left, rounding)
        if not (upper | lower).any():
            break
        touched |= upper | lower
        string = torch.where(upper, center + width, string)
        string = torch.where(lower, center - width, string)
    left, right = left[:, :-1], right[:, 1:]
    slope = (string.gather(1, right) - string.gather(1, left)) / (right - left)
    solution = (mean + slope).to(u.dtype)
    # equal neighbours stay so, whatever the sums are rounded to
    return torch.where((width == 0) & solution.isfinite(), u, solution)


def pieces(marked):
    """The next marked position before each, and after each, itself included.

    marked (n_samples, n), True at both ends of each row.
    """
    n = marked.shape[1]
    position = torch.arange(n, device=marked.device).expand(marked.shape)
    left = torch.where(marked, position, 0).cummax(dim=1).values
    right = torch.where(marked, position, n - 1).flip(1).cummin(dim=1).values
    return left, right.flip(1)


def farthest(excess, left, rounding):
    """Where a piece's excess is its largest and positive, a mask.

    left is where the piece of each entry begins.
    """
    largest = torch.zeros_like(excess).scatter_reduce(
        1, left, excess, "amax").gather(1, left)
    return (excess > rounding) & (excess >= largest)


@torch.no_grad()
def taut_string_backward(grad, solution):
    """Products of the derivatives of `taut_string` with a gradient.

    See `unrolling.taut_string.taut_string_backward`.

    Parameters
    ----------
    grad, solution : Tensors, shape (n_samples, n_times)

    Returns
    -------
    grad_u (n_samples, n_times), grad_lmbd (n_samples,)
    """
    ends = torch.ones_like(solution[:, :1], dtype=torch.bool)
    jump = solution.diff(dim=1)
    left, right = pieces(torch.cat([ends, jump != 0, ends], dim=1))
    left, right = left[:, :-1], right[:, 1:]
    total = torch.nn.functional.pad(grad.double().cumsum(dim=1), (1, 0))
    mean = (total.gather(1, right) - total.gather(1, left)) / (right - left)
    # each jump s moves the level before it by s / length, that after by -s
    grad_lmbd = -(jump.sign() * mean.diff(dim=1)).sum(dim=1)
    return mean.to(grad.dtype), grad_lmbd.to(grad.dtype)
