"""Projections of the rows of a tensor on the sets that layers need."""
import torch


def project_simplex(v):
    """The nearest point to each row with x >= 0 and sum(x) = 1.

    It is max(v - t, 0), where t is the largest of (v_1 + ... + v_k - 1) / k
    over k, for v in descending order: that quotient grows with k as long as
    the next entry exceeds it. J. Duchi et al., Efficient projections onto the
    l1-ball for learning in high dimensions, ICML 2008,
    doi:10.1145/1390156.1390191.

    Parameters
    ----------
    v : Tensor, shape (n_samples, n_dim)

    Returns
    -------
    Tensor, shape of v; autograd differentiates it where it has no kink
    """
    ordered = v.sort(dim=1, descending=True).values
    count = torch.arange(1, v.shape[1] + 1, dtype=v.dtype)
    threshold = ((ordered.cumsum(1) - 1) / count).amax(1, keepdim=True)
    return (v - threshold).clamp(min=0)


def project_permutahedron(v):
    """The nearest point to each row in the hull of the permutations of ranks.

    The ranks are r = (1, ..., 1/(n-1), 0). With v in descending order, the
    projection is v minus the non-increasing regression of v - r: M. Blondel et
    al., ICML 2020, arXiv:2002.08871, proposition 3.

    Parameters
    ----------
    v : Tensor, shape (n_samples, n_dim >= 2)

    Returns
    -------
    x : Tensor, shape of v
    dual : Tensor, shape of v
        v - x; it is the same number within each pooled block.
    """
    order = v.argsort(dim=1, descending=True)
    ranks = torch.linspace(1, 0, v.shape[1], dtype=v.dtype)
    sorted_v = v.gather(1, order)
    apart = sorted_v - ranks
    pooled = non_increasing(apart)
    # an entry in a block of its own is its rank, without rounding
    x = torch.where(pooled == apart, ranks, sorted_v - pooled)
    return tuple(torch.empty_like(v).scatter_(1, order, part)
                 for part in (x, pooled))


def non_increasing(y):
    """The nearest row with entries that do not increase, for each row.

    By the minimax formula, entry i is the least over j <= i of the largest
    over k >= i of mean(y_j, ..., y_k): O(n_dim^2) numbers a row, for short
    rows. T. Robertson, F. T. Wright and R. L. Dykstra, Order restricted
    statistical inference, Wiley, 1988, theorem 1.4.4.
    """
    n = y.shape[1]
    sums = torch.cat([y.new_zeros(len(y), 1), y.cumsum(1)], dim=1)
    ends = torch.arange(1, n + 1)
    lengths = (ends - ends[:, None] + 1).clamp(min=1).to(y)
    means = (sums[:, None, 1:] - sums[:, :-1, None]) / lengths
    means.diagonal(dim1=1, dim2=2).copy_(y)  # without the sums' rounding
    largest = means.masked_fill(
        ends < ends[:, None], -torch.inf).flip(2).cummax(2).values.flip(2)
    return largest.masked_fill(ends < ends[:, None], torch.inf).amin(1)
