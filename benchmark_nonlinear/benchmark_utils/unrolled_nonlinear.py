"""The bases of the learned solvers: training untimed, running timed."""
import numpy as np
import torch
from torch import nn

from benchmark_utils.adam_training import cached_training
from benchmark_utils.memories import MEMORIES, count, make_memory
from benchmark_utils.physics import Physics
from unrolling.bench.checked import CheckedSolver
from unrolling.bench.criteria import DepthCriterion
from unrolling.fingerprint import class_files
from unrolling.options import COUNT, COUNT_OR_ZERO

RUN_ROWS = 100
"""Test samples that run together, which bounds memory."""


class UnrolledPhysics(nn.Module):
    """Base of the unrolled networks: a subclass writes `iterates(f, y)`.

    This generator yields the standardised points f (n_samples, n_x): the
    start, then the output of each layer.

    Parameters
    ----------
    physics : Physics
    n_layers : int
    width : int, channels of the hidden convolutions
    memory : str, one of MEMORIES
    n_recurrent, hidden : int, layers of the recurrent memory and their size
    """

    def __init__(self, physics, n_layers, width, memory, n_recurrent, hidden):
        super().__init__()
        self.physics = physics
        self.memory = make_memory(
            memory, physics.K.n_x, n_recurrent, hidden)
        self.blocks = nn.ModuleList(
            self.init_layer(physics.K, width) for _ in range(n_layers))

    def init_layer(self, K, width):
        """The module that a layer learns."""
        raise NotImplementedError(f"{type(self).__name__}.init_layer")

    def iterates(self, f, y):
        """Yields a point at a time, see the class."""
        raise NotImplementedError(f"{type(self).__name__}.iterates")

    def output(self, y, start, n_layers=None):
        """The standardised point after n_layers, by default all."""
        n_layers = len(self.blocks) if n_layers is None else n_layers
        points = self.iterates(self.physics.encode(start), y)
        for _ in range(n_layers + 1):
            f = next(points)
        return f

    def loss(self, samples):
        """Mean square of the standardised error, a Tensor."""
        f = self.output(samples.y, samples.start)
        return ((f - self.physics.encode(samples.x)) ** 2).mean()

    @torch.no_grad()
    def solve(self, y, start, n_layers=None):
        """The points x (n_samples, n_x), ndarrays in and out."""
        parts = max(1, -(-len(y) // RUN_ROWS))
        return np.concatenate([
            self.physics.decode(self.output(*rows, n_layers))
            for rows in zip(np.array_split(y, parts),
                            np.array_split(start, parts), strict=True)])


class TrainedSolver(CheckedSolver):
    """Base of the networks: trains `make_network(physics)` untimed, once.

    Weights come from the cache in benchopt's cache folder, or are trained and
    put there.
    """

    requirements = ["pip::torch"]
    ranges = {
        "width": COUNT, "epochs": COUNT_OR_ZERO, "batch_size": COUNT}

    def make_network(self, physics):
        """The untrained network; torch's generator is seeded."""
        raise NotImplementedError(f"{type(self).__name__}.make_network")

    def set_objective(self, K, background, y, start, train, validation, **_):
        self.y, self.start = y, start
        self.samples, self.validation = train, validation
        self.physics = Physics(K, background, train)
        self.settings = [*K.settings, background]
        self.seed = self.get_seed()
        self.trained = None

    def train_once(self):
        """Load or train the network, unless that has been done."""
        if self.trained is not None:
            return
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            network = self.make_network(self.physics)
        sources = [file.read_text("utf-8") for file in class_files(
            type(network), type(self), type(self.physics.K))]
        self.info = cached_training(
            network, sources, self.settings, self.samples, self.validation,
            self.epochs, self.batch_size, self.seed)
        self.info = self.info | {"n_parameters": count(network)}
        self.trained = network.eval()

    def pre_run_hook(self, _):
        self.train_once()

    def get_result(self):
        return {"x": self.result, "training": self.info}


class UnrolledNonlinearSolver(TrainedSolver):
    """Base of the unrolled networks: a solver file names its `network`.

    One network of max_layers is trained, on the error of its last layer. It
    is sampled after fewer of its layers, too: a curve shows what each layer
    of this network does, not what a shallower one would reach.

    Parameters
    ----------
    memory : {"none", "momentum", "lstm", "gru", "memoryless"}
        See `benchmark_utils.memories`.
    max_layers, width, n_recurrent, hidden : int
        See UnrolledPhysics.
    epochs, batch_size : int
    """

    network = None
    measure_layers = False  # the criterion asks
    sampling_strategy = "iteration"
    stopping_criterion = DepthCriterion(
        strategy="iteration", key_to_monitor="mse")

    parameters = {
        "memory": [*MEMORIES], "max_layers": [5], "width": [16],
        "n_recurrent": [2], "hidden": [50], "epochs": [15],
        "batch_size": [32],
    }
    ranges = {"max_layers": COUNT, "n_recurrent": COUNT, "hidden": COUNT}
    test_config = {"memory": "lstm", "max_layers": 2, "width": 2,
                   "hidden": 3, "epochs": 1}

    def refusal(self, **_):
        if self.memory not in MEMORIES:
            return (f"memory must be one of {', '.join(MEMORIES)}, got "
                    f"memory={self.memory}")
        return None

    def make_network(self, physics):
        return self.network(
            physics, self.max_layers, self.width, self.memory,
            self.n_recurrent, self.hidden)

    def run(self, n_layers):
        self.result = self.trained.solve(
            self.y, self.start(self.y), n_layers)
