import torch
from benchmark_utils.unrolled_nonlinear import TrainedSolver
from benchopt.stopping_criterion import SingleRunCriterion
from torch import nn


class FeedForward(nn.Module):
    """y -> x by three ReLU layers, without the operator."""

    def __init__(self, physics, width):
        super().__init__()
        self.physics = physics
        self.layers = nn.Sequential(
            nn.Linear(physics.K.n_y, width), nn.ReLU(),
            nn.Linear(width, width), nn.ReLU(),
            nn.Linear(width, width), nn.ReLU(),
            nn.Linear(width, physics.K.n_x))

    def loss(self, samples):
        """Mean square of the standardised error, a Tensor."""
        f = self.layers(self.physics.encode_data(samples.y))
        return ((f - self.physics.encode(samples.x)) ** 2).mean()

    @torch.no_grad()
    def solve(self, y, start=None):
        """The points x (n_samples, n_x), ndarrays; the start has no part."""
        return self.physics.decode(
            self.layers(self.physics.encode_data(y)))


class Solver(TrainedSolver):
    """A fully connected network from y to x.

    It is trained as the unrolled networks are, for more epochs, and knows as
    little of K as ridge regression. K. Hornik, M. Stinchcombe and H. White,
    Multilayer feedforward networks are universal approximators, Neural
    Networks 2(5), 1989, doi:10.1016/0893-6080(89)90020-8.
    """

    name = "Feed-forward"
    parameters = {"width": [128], "epochs": [50], "batch_size": [32]}
    test_config = {"epochs": 1}
    sampling_strategy = "run_once"
    stopping_criterion = SingleRunCriterion(strategy="run_once")

    def make_network(self, physics):
        return FeedForward(physics, self.width)

    def run(self, _):
        self.result = self.trained.solve(self.y)
