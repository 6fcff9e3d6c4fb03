"""ISTA with steps that follow from one or two numbers, tuned on problems.

As networks, their numbers are shared by all layers: training tunes them, and
what that costs is reported as training.
"""
from unrolling.lasso.network import LassoNetwork


class TunedISTA(LassoNetwork):
    """z <- ST(z - a_t D'(Dz - x), a_t lmbd), with steps of a rule.

    A subclass has its numbers in `init_shared`, and the rule `step_of(t,
    **numbers)`, t = 0, 1, ... A point is (z, t).
    """

    def start(self):
        return super().start(), 0

    def init_layer(self, t):
        return {}

    def step_of(self, t, **numbers):
        """The step of layer t, a scalar Tensor."""
        raise NotImplementedError(f"{type(self).__name__}.step_of")

    def layer(self, point, **numbers):
        z, t = point
        step = self.step_of(t, **numbers)
        return self.proximal_step(
            z, self.grad(z), step, step * self.lmbd), t + 1
