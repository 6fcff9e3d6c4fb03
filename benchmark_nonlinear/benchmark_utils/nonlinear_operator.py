"""Nonlinear operators K: values, Jacobians and adjoints of many points."""
from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Linearisation(NamedTuple):
    """An operator at points x (n_samples, n_x)."""

    value: np.ndarray
    """K(x), (n_samples, n_y)."""
    pull: Callable
    """r (n_samples, n_y) -> J(x)' r, (n_samples, n_x)."""
    push: Callable
    """d (n_samples, n_x) -> J(x) d, (n_samples, n_y)."""
    jacobian: Callable
    """() -> J(x), (n_samples, n_y, n_x)."""


class Operator:
    """Base of the operators: a subclass writes `at(x)`.

    Points are rows, float64. A point that is not finite, or at which K cannot
    be computed, has the value NaN; the other points are not affected.
    """

    n_x, n_y = None, None
    x_edges, y_edges = None, None
    """Pairs of neighbours (n_edges, 2) among the entries of x and of y; None
    where the entries are a signal along a line."""

    settings = ()
    """What sets this operator apart from others of its class: arrays, numbers
    and texts, as keys of caches."""

    def at(self, x):
        """The Linearisation at x (n_samples, n_x)."""
        raise NotImplementedError(f"{type(self).__name__}.at")

    def project(self, x):
        """The nearest points at which K is defined: here, x itself."""
        return x

    def forward(self, x):
        """K(x), (n_samples, n_y)."""
        return self.at(x).value

    def norm(self, x):
        """||J(x)||_2 at one point (n_x,), a float."""
        return float(np.linalg.norm(self.at(x[None]).jacobian()[0], ord=2))


class Linearised(Operator):
    """The linear anchor of an operator: x -> K(b) + J(b) (x - b).

    Parameters
    ----------
    operator : Operator
    background : ndarray, shape (n_x,)
        The point b at which it is linearised.
    """

    def __init__(self, operator, background):
        at = operator.at(background[None])
        self.background, self.offset = background, at.value[0]
        self.J = at.jacobian()[0]
        self.n_y, self.n_x = self.J.shape
        self.x_edges, self.y_edges = operator.x_edges, operator.y_edges
        self.project = operator.project
        self.settings = "linearised", self.J, self.offset, background

    def at(self, x):
        return Linearisation(
            self.offset + (x - self.background) @ self.J.T,
            lambda r: r @ self.J, lambda d: d @ self.J.T,
            lambda: np.broadcast_to(self.J, (len(x), *self.J.shape)))
