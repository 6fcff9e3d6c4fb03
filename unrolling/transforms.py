"""Constrained parameters, and the free variables that training moves instead.

`encode` maps a parameter's value to its variable, `decode` back. Training
moves the variable, so that the constraint holds throughout; the network keeps
the value, so that running it costs nothing more.
"""
from collections.abc import Callable
from typing import NamedTuple

import torch


class Transform(NamedTuple):
    """A bijection between a parameter's values and free variables."""

    encode: Callable
    decode: Callable


def lower(matrix, offset):
    """Entries on and below the diagonal `offset` of a square matrix, 1-D."""
    i, j = torch.tril_indices(*matrix.shape, offset, device=matrix.device)
    return matrix[i, j]


def fill_lower(entries, offset):
    """The square matrix with these entries there, and zero elsewhere."""
    n = int((2 * len(entries)) ** 0.5) + (offset < 0)  # n (n -+ 1) / 2 of them
    i, j = torch.tril_indices(n, n, offset, device=entries.device)
    return entries.new_zeros(n, n).index_put((i, j), entries)


def encode_symmetric(matrix):
    """The lower triangle."""
    return lower(matrix, 0)


def decode_symmetric(entries):
    """The symmetric matrix with this lower triangle."""
    triangle = fill_lower(entries, 0)
    return triangle + triangle.tril(-1).mT


def cayley(matrix):
    """(I + M)^-1 (I - M), its own inverse; skew M <-> orthogonal matrix."""
    identity = torch.eye(
        len(matrix), dtype=matrix.dtype, device=matrix.device)
    return torch.linalg.solve(identity + matrix, identity - matrix)


def encode_orthogonal(matrix):
    """Lower triangle of the skew-symmetric Cayley transform.

    For orthogonal matrices without the eigenvalue -1: all that a continuous
    path from the identity meets, but for a set of measure zero.
    """
    return lower(cayley(matrix), -1)


def decode_orthogonal(entries):
    """The orthogonal matrix, the Cayley transform of a skew-symmetric one."""
    skew = fill_lower(entries, -1)
    return cayley(skew - skew.mT)


FREE = Transform(lambda value: value, lambda variable: variable)
POSITIVE = Transform(torch.log, torch.exp)
SYMMETRIC = Transform(encode_symmetric, decode_symmetric)
ORTHOGONAL = Transform(encode_orthogonal, decode_orthogonal)
