import numpy as np
import torch
from benchmark_utils.alternation import AlternatingSolver

from unrolling.lasso.network import LassoNetwork
from unrolling.options import COUNT, COUNT_OR_ZERO
from unrolling.stages import mean_loss
from unrolling.training import fit


class StepLISTA(LassoNetwork):
    """z <- ST(z - a_t D'(Dz - x) / L, a_t lmbd / L), learned a_t.

    In the unit of 1/L, the steps suit the next dictionary, too.
    """

    def init_layer(self, t):
        return {"step": 1.0}

    def layer(self, z, step):
        step = step / self.L
        return self.proximal_step(z, self.grad(z), step, step * self.lmbd)


class Solver(AlternatingSolver):
    """Z-step: ISTA from zero with learned steps, trained on the way.

    After 1, 4, 16, 64, ... iterations, since D settles, L-BFGS fits the steps
    to D on a random minibatch, from the last ones or from 1/L, whichever cost
    less on it; its time counts. The network is safeguarded: a sample whose
    last iterate costs more than an earlier one gets the cheapest iterate. P.
    Ablin, T. Moreau, M. Massias and A. Gramfort, Learning step sizes for
    unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071.
    """

    name = "Step-LISTA"
    parameters = {"n_layers": [10], "max_iter": [10], "batch_size": [200]}
    ranges = {
        "n_layers": COUNT, "max_iter": COUNT_OR_ZERO, "batch_size": COUNT}
    test_config = {"n_layers": 2, "batch_size": 10}

    def run(self, cb):
        self.rng = np.random.default_rng(self.get_seed())
        self.n_done, self.next_training, self.train_time = 0, 1, 0.0
        self.trained = StepLISTA(self.D_init, self.lmbd).grow(self.n_layers)
        super().run(cb)

    def codes(self, D, z):
        self.trained = self.trained.with_problem(D=D)
        if self.n_done == self.next_training:
            self.train()
            self.next_training *= 4
        self.n_done += 1
        return self.trained(self.x)

    def train(self):
        """Fit the steps to the dictionary as it is."""
        if len(self.x) < 2:  # one trains, and one validates
            return
        size = min(max(2, self.batch_size), len(self.x))
        x = torch.as_tensor(
            self.x[self.rng.choice(len(self.x), size, replace=False)])
        untrained = self.trained.with_layers([]).grow(self.n_layers)
        self.trained = min(self.trained, untrained,
                           key=lambda network: mean_loss(network, x))
        self.train_time += fit(
            self.trained, self.n_layers, x, max_iter=self.max_iter).time_s

    def get_result(self):
        steps = [p["step"].item() for p in self.trained.layers]
        return {**super().get_result(), "steps": steps,
                "train_time_s": self.train_time}
