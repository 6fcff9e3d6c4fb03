"""How exact the derivative of the prox is at the points of a network."""
import torch

from unrolling.prox import prox_tv

N_SAMPLES = 30
"""Samples, the first, at whose points the derivative is measured."""

STEP = 1e-6
"""The step of the finite differences over a sample's largest entry."""

SAME = 1e-9
"""Neighbours that differ by less, relatively, are of one segment."""


def jacobian_metrics(network, x):
    """The derivative of the prox against finite differences, for each layer.

    At the point v = u - A'(Au - x) / L before a layer and for t = lmbd / L,
    the derivatives of prox_tv in v, in a random direction d, and in t, both
    from the backward pass of w'prox, against central differences such as
    (prox(v + h d) - prox(v - h d)) / 2h. They are equal where the jumps of the
    prox stay the same over these steps; elsewhere the prox has a kink, and no
    derivative.

    Parameters
    ----------
    network : TVNetwork
    x : Tensor, shape (n_samples, n_dim)

    Returns
    -------
    dict of str to list of float
        jacobian_error : largest difference over the samples with stable
        jumps, relative to ||w|| ||d||, or to ||w|| of the derivative in t;
        jacobian_stable : the share of these samples.
    """
    x = x[:N_SAMPLES].double()
    network = network.to(dtype=torch.float64)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        points = list(network.points(x))[:-1]
        steepest = [u - network.grad(u) / network.L for u in points]
    errors, shares = [], []
    for v in steepest:
        d, w = (torch.randn(v.shape, generator=generator, dtype=v.dtype).to(v)
                for _ in range(2))
        error, stable = difference(v, network.lmbd / network.L, d, w)
        errors.append(error[stable].max().item() if stable.any() else 0.0)
        shares.append(stable.double().mean().item())
    return {"jacobian_error": errors, "jacobian_stable": shares}


def difference(v, t, d, w):
    """The larger of the relative errors of w'J d and of w'(d prox / dt) of
    each row, and whether the jumps of its prox are stable; two Tensors
    (n_samples,)."""
    h = STEP * v.abs().amax(dim=1)
    h_t = h.clamp(max=t)  # no penalty is negative
    v = v.clone().requires_grad_()
    t = torch.full_like(h, t).requires_grad_()
    prox_tv(v, t).backward(w)
    with torch.no_grad():
        along_v = [prox_tv(v + side * h[:, None] * d, t) for side in (1, -1)]
        along_t = [prox_tv(v, t + side * h_t) for side in (1, -1)]
        in_v = (v.grad * d).sum(dim=1) - quotient(w, along_v, h)
        in_t = t.grad - quotient(w, along_t, h_t)
        error = torch.maximum(in_v.abs() / d.norm(dim=1), in_t.abs())
        jumps = jump_signs(prox_tv(v, t))
        stable = torch.stack([
            jump_signs(side) == jumps for side in along_v + along_t])
    return error / w.norm(dim=1), stable.all(dim=0).all(dim=1)


def quotient(w, sides, h):
    """w'(p - q) / 2h of each row, for sides p, q."""
    return (w * (sides[0] - sides[1])).sum(dim=1) / (2 * h)


def jump_signs(u):
    """The signs of the differences of each row, 0 within a segment."""
    steps = u.diff(dim=1)
    size = u.abs().amax(dim=1, keepdim=True)
    return torch.where(steps.abs() > SAME * size, steps.sign(), 0.0)
