"""The base of all solvers: they are skipped where they refuse, in words."""
from collections import ChainMap

from benchopt import BaseSolver

from unrolling.options import first_outside


class CheckedSolver(BaseSolver):
    """Base of the solvers: a subclass says what it refuses.

    That is a parameter out of its range, which is looked at first, and what
    `refusal` gives a reason against.
    """

    ranges = {}
    """Parameter -> its Range, of `unrolling.options`; those of the bases hold,
    too, where the solver has the parameter."""

    def refusal(self, **problem):
        """The reason why the solver cannot do it, or None."""

    def skip(self, **problem):
        ranges = ChainMap(*(
            vars(c).get("ranges", {}) for c in type(self).__mro__))
        reason = first_outside(self, {
            name: range_ for name, range_ in ranges.items()
            if name in self._parameters}) or self.refusal(**problem)
        return reason is not None, reason
