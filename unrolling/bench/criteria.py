"""When benchopt samples a solver, and when it stops."""
from benchopt.stopping_criterion import StoppingCriterion

DEPTHS = [1, 2, 3, 5, 8] + [
    round(d * 10**k) for k in range(1, 6) for d in (1.2, 2, 3.2, 5, 8)
]
"""Depths at which networks are sampled: 1, 2, 3, 5, 8, 12, 20, 32, 50, ..."""

ITERATIONS = [*range(10)] + [
    round(d * 10**k) for k in range(1, 7)
    for d in (1, 1.2, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8)
]
"""Iterations at which algorithms are sampled: every one up to 10, then ten a
decade; all the depths are among them, so that curves meet at equal cost."""

TOLERANCES = [1e-1, 1e-2, 1e-3, 1e-6, 1e-9, 1e-12]
"""Tolerances at which solvers to a certificate are sampled: rough answers
closely, as networks give such. Below the last some libraries chase their
rounding errors for minutes."""


def following(schedule, stop_val):
    """What follows on a schedule; beyond its end, decades."""
    return next((s for s in schedule if s > stop_val), 10 * stop_val)


class GapCriterion(StoppingCriterion):
    """Stop once every problem is certified, or after a time, or iterations.

    An algorithm may have an attribute `iteration_limit`; else its iterations
    are bounded by the schedule alone.

    Parameters
    ----------
    tol : float
        Largest relative duality gap of a solved batch.
    max_time : float
        Seconds of the solver's own time, where the solver has no attribute
        `max_time` that says otherwise.
    """

    def __init__(self, tol=1e-10, max_time=2.0, strategy=None,
                 key_to_monitor="duality_gap", minimize=True):
        self.tol, self.max_time = tol, max_time
        super().__init__(strategy, key_to_monitor, minimize, tol=tol,
                         max_time=max_time)

    def check_convergence(self, curve):
        """Whether to stop, and the progress: the share of the time used."""
        gap, elapsed = curve[-1][self.key_to_monitor_], curve[-1]["time"]
        max_time = getattr(self.solver, "max_time", self.max_time)
        done = gap <= self.tol or elapsed >= max_time
        if self.strategy == "tolerance":
            done |= curve[-1]["stop_val"] <= TOLERANCES[-1]
        else:
            done |= curve[-1]["stop_val"] >= getattr(
                self.solver, "iteration_limit", ITERATIONS[-1])
        return done, min(elapsed / max_time, 1)

    def get_next_stop_val(self, stop_val):
        """The next iteration, or the next tolerance, of the schedule."""
        if self.strategy == "tolerance":
            return next((tol for tol in TOLERANCES if tol < stop_val),
                        TOLERANCES[-1])
        return following(ITERATIONS, stop_val)


class StepCriterion(StoppingCriterion):
    """Stop after max_iter steps, which the solver has as an attribute,
    whatever the values are: that a run diverges is its result."""

    schedule = ITERATIONS
    """Where solvers are sampled."""

    def check_convergence(self, curve):
        """Whether to stop, and the progress: the share of the steps."""
        share = curve[-1]["stop_val"] / self.solver.max_iter
        return share >= 1, min(share, 1)

    def get_next_stop_val(self, stop_val):
        """The next step of the schedule, or the last one."""
        return min(following(self.schedule, stop_val), self.solver.max_iter)


class BudgetCriterion(StepCriterion):
    """Stop after max_iter iterations or max_time seconds, which the solver
    has as attributes."""

    def check_convergence(self, curve):
        """Whether to stop, and the progress: the share that is used."""
        done, share = super().check_convergence(curve)
        time = curve[-1]["time"] / self.solver.max_time
        return done or time >= 1, min(max(share, time), 1)


class DepthCriterion(StoppingCriterion):
    """Sample a network at the depths 0, 1, 2, 3, 5, ..., max_layers.

    Where its layers are measured, at 0 and max_layers.
    """

    def check_convergence(self, curve):
        """Whether to stop, and the progress: the share of the layers."""
        depth, last = curve[-1]["stop_val"], self.solver.max_layers
        return depth >= last, depth / last

    def get_next_stop_val(self, stop_val):
        """The next depth of the schedule, or max_layers if that is less."""
        if self.solver.measure_layers:
            return self.solver.max_layers
        return min(following(DEPTHS, stop_val), self.solver.max_layers)
