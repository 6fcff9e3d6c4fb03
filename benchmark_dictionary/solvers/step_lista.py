import numpy as np
import torch
from benchmark_utils.alternation import AlternatingSolver

from unrolling.lasso import lasso_cost
from unrolling.lasso.network import LassoNetwork
from unrolling.lasso.steps import proximal_step
from unrolling.linear import LeastSquares, lipschitz
from unrolling.prox import soft_threshold
from unrolling.training import fit


class StepLISTA(LassoNetwork):
    """z <- ST(z - a_t D'(Dz - x) / L, a_t lmbd / L), learned a_t.

    In the unit of 1/L, the steps suit the next dictionary, too.
    """

    def init_layer(self, t):
        return {"step": 1.0}

    def layer(self, z, step):
        step = step / self.L
        return soft_threshold(z - step * self.grad(z), step * self.lmbd)


class Solver(AlternatingSolver):
    """Z-step: ISTA from zero with learned steps, trained on the way.

    After 1, 4, 16, 64, ... iterations, since D settles, L-BFGS fits the steps
    to D on a random minibatch, from the last ones or from 1/L, whichever cost
    less on it; its time counts. A sample that learned steps leave above
    F_x(0) gets steps of 1/L. P. Ablin, T. Moreau, M. Massias and A. Gramfort,
    Learning step sizes for unfolded sparse coding, NeurIPS 2019,
    arXiv:1905.11071.
    """

    name = "Step-LISTA"
    parameters = {"n_layers": [10], "max_iter": [10], "batch_size": [200]}
    test_config = {"n_layers": 2, "batch_size": 10}

    def run(self, cb):
        self.rng = np.random.default_rng(self.get_seed())
        self.n_done, self.next_training, self.train_time = 0, 1, 0.0
        self.steps = np.ones(self.n_layers)
        super().run(cb)

    def codes(self, D, z):
        if self.n_done == self.next_training:
            self.train(D)
            self.next_training *= 4
        self.n_done += 1
        z = self.forward(D, self.x, self.steps)
        worse = ~(lasso_cost(z, D, self.x, self.lmbd)
                  <= 0.5 * (self.x**2).sum(axis=1))
        if worse.any():
            z[worse] = self.forward(
                D, self.x[worse], np.ones(self.n_layers))
        return z

    def forward(self, D, x, steps):
        """Codes of x by the iterations of ISTA, with other steps."""
        fit = LeastSquares(D, x)
        z = fit.zeros()
        for step in steps / lipschitz(D):
            z = proximal_step(z, fit.grad(z), step, step * self.lmbd, out=z)
        return z

    def train(self, D):
        """Fit the steps to D."""
        size = min(self.batch_size, len(self.x))
        x = self.x[self.rng.choice(len(self.x), size, replace=False)]
        starts = [self.steps, np.ones(self.n_layers)]
        costs = [lasso_cost(self.forward(D, x, steps), D, x, self.lmbd).mean()
                 for steps in starts]
        steps = torch.tensor(starts[np.nanargmin(costs)])
        network = StepLISTA(D, self.lmbd).with_layers(
            [{"step": step} for step in steps])
        self.train_time += fit(network, self.n_layers, torch.as_tensor(x),
                               max_iter=self.max_iter).time_s
        self.steps = np.array([p["step"].item() for p in network.layers])

    def get_result(self):
        return {**super().get_result(), "steps": self.steps.tolist(),
                "train_time_s": self.train_time}
