"""Convolutional blocks of signals along a line and of values on a graph.

They map (n_samples, channels, n) to the same with other channels. Along a line
the kernel has three entries; on a graph an entry sees itself and the mean of
its neighbours, so that nothing depends on how entries are numbered: T. N. Kipf
and M. Welling, Semi-supervised classification with graph convolutional
networks, ICLR 2017, arXiv:1609.02907, with two matrices instead of one.
"""
import torch
from torch import nn

N_CONVOLUTIONS = 4
"""Of a block; after each but the last comes a PReLU, as in the paper."""


class LineConvolutions(nn.Sequential):
    """Convolutions with kernel 3 and zeros beyond the ends."""

    def __init__(self, n_in, n_out, width):
        super().__init__(*chain(
            lambda a, b: nn.Conv1d(a, b, 3, padding=1), n_in, n_out, width))


class GraphConvolution(nn.Module):
    """x -> x W + mean over the neighbours of x W' + b.

    Values are (n, n_samples, channels), which is the layout in which products
    with the sparse matrix of neighbours are fast.
    """

    def __init__(self, neighbours, n_in, n_out):
        super().__init__()
        self.neighbours = neighbours
        self.linear = nn.Linear(2 * n_in, n_out)

    def forward(self, x):
        mean = torch.sparse.mm(self.neighbours, x.flatten(start_dim=1))
        return self.linear(torch.cat([x, mean.view_as(x)], dim=2))


class GraphConvolutions(nn.Sequential):
    """Graph convolutions over pairs of neighbours, edges (n_edges, 2)."""

    def __init__(self, edges, n, n_in, n_out, width):
        neighbours = mean_of_neighbours(edges, n)
        super().__init__(*chain(
            lambda a, b: GraphConvolution(neighbours, a, b),
            n_in, n_out, width))

    def forward(self, x):
        return super().forward(x.permute(2, 0, 1).contiguous()).permute(
            1, 2, 0)


def chain(convolution, n_in, n_out, width):
    """The layers of a block: convolutions with PReLUs between them."""
    channels = [n_in] + [width] * (N_CONVOLUTIONS - 1) + [n_out]
    for k, (a, b) in enumerate(zip(channels, channels[1:], strict=False)):
        if k:
            yield nn.PReLU()
        yield convolution(a, b)


def mean_of_neighbours(edges, n):
    """A sparse Tensor (n, n) that averages over each entry's neighbours."""
    i, j = torch.as_tensor(edges).T
    pairs = torch.stack([torch.cat([i, j]), torch.cat([j, i])])
    degree = torch.bincount(pairs[0], minlength=n).float()
    return torch.sparse_coo_tensor(
        pairs, 1 / degree[pairs[0]], (n, n), check_invariants=True).coalesce()


def convolutions(edges, n, n_in, n_out, width):
    """A block for signals (edges None) or for values on a graph."""
    if edges is None:
        return LineConvolutions(n_in, n_out, width)
    return GraphConvolutions(edges, n, n_in, n_out, width)


def xavier(module):
    """Draw the weights of a convolution as X. Glorot and Y. Bengio, AISTATS
    2010, do, with zero biases; leave other modules."""
    if isinstance(module, nn.Conv1d | nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)
