from benchmark_utils.splitting import Split
from benchmark_utils.training_solvers import FitSolver, Restarted

from unrolling.optimizers import Adam, Gradient
from unrolling.options import COUNT

INNER = {"sgd": Gradient, "adam": Adam}


class Solver(Restarted, FitSolver):
    """Consensus ADMM: the loss at theta_1, weight decay at theta_2.

    theta_1 takes `n_inner` stochastic steps on f(theta_1) + <dual, theta_2 -
    theta_1> + rho/2 ||theta_2 - theta_1||^2, theta_2 minimises g and the same
    terms, dual <- dual + rho (theta_2 - theta_1). Z. Hervieux-Moore, ADMM in
    neural networks, slides of ELE 538B, 2018; S. Boyd et al., Found. Trends
    Mach. Learn. 3(1), 2011, doi:10.1561/2200000016.

    The minimiser is (rho theta_1 - dual) / (decay + rho), `update=derived`.
    The slides print it without the first rho, `update=printed`: the fixed
    point of that one minimises f + (decay + rho - 1)/2 ||theta||^2.
    After `restart_every` iterations and `n_plain` steps of the inner method on
    F itself, both blocks go on from their mean: without multiplier
    (`restart=cold`) or with it (`warm`).
    """

    name = "ADMM"
    parameters = {
        "rho": [1.0], "update": ["derived"], "inner": ["sgd"],
        "n_inner": [10], "schedule": ["constant"], "restart_every": [0],
        "restart": ["cold"], "n_plain": [0], "step_size": ["tuned"],
    }
    ranges = {"n_inner": COUNT}
    choices = Restarted.choices | {
        "update": ("derived", "printed"), "inner": tuple(INNER)}

    @property
    def method(self):
        """The inner method has step sizes of its own."""
        return f"ADMM[{self.inner}]"

    def second_block(self, split):
        """The minimiser of g(theta_2) and the augmented terms, see above."""
        factor = split.rho if self.update == "derived" else 1
        return ((factor * split.theta_1 - split.dual)
                / (self.task.decay + split.rho))

    def iterates(self, rng):
        task, theta, t = self.task, self.task.start, 0
        inner = INNER[self.inner]()
        unit = task.n_samples if self.inner == "sgd" else 1
        split = Split(theta, self.rho, self.schedule)
        yield {"theta": theta, "theta_2": theta}
        while True:
            for _ in self.rounds():
                for n in range(self.n_inner):
                    gradient = task.loss_gradient(
                        split.theta_1, task.draw(rng)) + split.slope_1()
                    split.theta_1 = split.theta_1 + inner.move(
                        gradient, self.rate(t) / unit)
                    t += 1
                    if n == self.n_inner - 1:
                        split.advance(self.second_block(split))
                    yield {"theta": split.theta_1, "theta_2": split.theta_2}
            theta = split.average
            for _ in range(self.n_plain):
                theta = theta + inner.move(
                    task.gradient(theta, task.draw(rng)), self.rate(t) / unit)
                t += 1
                yield {"theta": theta, "theta_2": theta}
            split.restart(theta, self.restart)
