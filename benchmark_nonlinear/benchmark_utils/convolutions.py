"""Convolutional blocks of signals along a line and of values on a graph.

Along a line the kernel has three entries; on a graph an entry sees itself and
the mean of its neighbours, so that nothing depends on how entries are
numbered: T. N. Kipf and M. Welling, Semi-supervised classification with graph
convolutional networks, ICLR 2017, arXiv:1609.02907, with two matrices instead
of one.
"""
from itertools import pairwise

import torch
from torch import nn

N_CONVOLUTIONS = 4
"""Convolutions of a block; a PReLU follows each but the last, as published."""


class Convolution(nn.Module):
    """A linear map of what an entry sees: see_line, or see_graph.

    Values are (n, n_samples, channels), which is the layout in which products
    with matrices are fast.
    """

    def __init__(self, see, n_seen, n_in, n_out):
        super().__init__()
        self.see, self.linear = see, nn.Linear(n_seen * n_in, n_out)
        self.n_seen = n_seen

    def forward(self, x):
        return self.linear(torch.cat(self.see(x), dim=2))


def see_line(x):
    """The entry before, itself, the entry after; zeros beyond the ends."""
    zero = x.new_zeros(1, *x.shape[1:])
    return (torch.cat([zero, x[:-1]]), x, torch.cat([x[1:], zero]))


class SeeGraph:
    """An entry itself, and the mean of its neighbours.

    Parameters
    ----------
    edges : ndarray of int, shape (n_edges, 2)
    n : int, the number of entries
    """

    def __init__(self, edges, n):
        self.neighbours = mean_of_neighbours(edges, n)

    def __call__(self, x):
        mean = torch.sparse.mm(self.neighbours, x.flatten(start_dim=1))
        return x, mean.view_as(x)


class Convolutions(nn.Sequential):
    """A block: convolutions with PReLUs between them.

    It maps (n_samples, n_in, n) to (n_samples, n_out, n).

    Parameters
    ----------
    edges : ndarray of int, shape (n_edges, 2), or None for a line
    n, n_in, n_out : int
    width : int, the channels between the convolutions
    """

    def __init__(self, edges, n, n_in, n_out, width):
        see, n_seen = ((see_line, 3) if edges is None
                       else (SeeGraph(edges, n), 2))
        channels = [n_in] + [width] * (N_CONVOLUTIONS - 1) + [n_out]
        layers = []
        for a, b in pairwise(channels):
            layers += [Convolution(see, n_seen, a, b), nn.PReLU()]
        super().__init__(*layers[:-1])

    def forward(self, x):
        return super().forward(x.permute(2, 0, 1)).permute(1, 2, 0)


def mean_of_neighbours(edges, n):
    """A sparse Tensor (n, n) that averages over each entry's neighbours."""
    i, j = torch.as_tensor(edges).T
    pairs = torch.stack([torch.cat([i, j]), torch.cat([j, i])])
    degree = torch.bincount(pairs[0], minlength=n).float()
    return torch.sparse_coo_tensor(
        pairs, 1 / degree[pairs[0]], (n, n), check_invariants=True).coalesce()


def xavier(module):
    """Draw the weights of a Convolution as X. Glorot and Y. Bengio, AISTATS
    2010, do, with zero biases; leave other modules.

    An input reaches n_seen entries of each output, as an output sees n_seen
    of each input.
    """
    if isinstance(module, Convolution):
        linear = module.linear
        bound = (6 / (linear.in_features
                      + module.n_seen * linear.out_features)) ** 0.5
        nn.init.uniform_(linear.weight, -bound, bound)
        nn.init.zeros_(linear.bias)
