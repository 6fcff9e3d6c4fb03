"""The plumbing of every learned solver: training untimed, running timed."""
import time
from pathlib import Path

import scipy
import torch
from benchopt import BaseSolver
from benchopt.benchmark import CACHE_DIR, get_running_benchmark
from benchopt.config import get_setting

from unrolling import training
from unrolling.bench.criteria import DEPTHS, DepthCriterion
from unrolling.device import synchronize, to_numpy, to_tensor, unavailable
from unrolling.fingerprint import class_files
from unrolling.weights import Weights, digest, load_weights, save_weights


def weights_folder():
    """Where trained weights are kept: in benchopt's cache folder.

    Also with `benchopt run --no-cache`: that is for results, which benchopt
    stores under a part of what they depend on; weights have a full key.
    """
    benchmark = get_running_benchmark()
    cache = get_setting("cache")
    folder = (Path(cache) / benchmark.name if cache
              else benchmark.benchmark_dir / CACHE_DIR)
    return folder / "weights"


class UnrolledSolver(BaseSolver):
    """Base of the learned solvers: trains untimed, runs timed.

    A solver file names its network class in `network`; the rest is here.
    The objective provides the problem's arguments (those of the network
    class), the batch `x`, the training batch `x_train` and, where known, the
    training batch's true codes `target_train`.

    The weights of each depth come from the cache in benchopt's cache folder,
    or are trained and put there, so a killed run loses one depth at most.
    With `loss=none` they are the untrained ones, and the network is the
    algorithm that it unrolls, iteration by iteration.
    """

    network = None

    sampling_strategy = "iteration"
    stopping_criterion = DepthCriterion(strategy="iteration")

    parameters = {
        "max_layers": [10],
        "loss": ["unsupervised"],
        "layerwise": [True],
        "decay": [0.5],
        "device": ["cpu"],
    }
    test_config = {"max_layers": 2}

    def skip(self, x_train, target_train=None, **_):
        if self.loss not in (
                "unsupervised", "supervised", "semi-supervised", "none"):
            return True, (
                "loss must be unsupervised, supervised, semi-supervised or "
                f"none, got loss={self.loss}"
            )
        if self.loss == "supervised" and target_train is None:
            return True, (
                "loss=supervised needs the true codes of the training data, "
                "which this data set does not know: use loss=semi-supervised"
            )
        if not (isinstance(self.max_layers, int) and self.max_layers >= 1):
            return True, (
                "max_layers must be an integer >= 1, got "
                f"max_layers={self.max_layers}"
            )
        if not 0 <= self.decay <= 1:
            return True, (
                "decay must be in [0, 1], the share by which a pass draws "
                "matrices back to the untrained network, got "
                f"decay={self.decay}"
            )
        reason = unavailable(self.device)
        return reason is not None, reason

    def set_objective(self, x, x_train, target_train=None, **problem):
        self.x = x
        self.untrained = self.network(**problem).to(device=self.device)
        self.untrained.guarded = self.loss not in ("supervised", "none")
        target_time = 0.0
        if self.loss in ("unsupervised", "none"):
            target_train = None
        elif self.loss == "semi-supervised":
            started = time.perf_counter()
            target_train = self.untrained.solve(x_train)
            target_time = time.perf_counter() - started
        self.samples = tuple(
            to_tensor(v, self.device) for v in (x_train, target_train)
        )
        self.seed = self.get_seed()
        self.source = digest(
            *(f.read_text("utf-8") for f in class_files(self.network)),
            *problem.values(), x_train, target_train,
            [self.name, self.loss, self.layerwise, self.decay, self.seed,
             self.device, torch.__version__, scipy.__version__],
        )
        self.weights = {0: Weights([], {"train_time_s": target_time})}

    def trained_weights(self, n_layers):
        """Weights of the network with n_layers, from memory, disk, training.

        The warm start of a depth, layer by layer, is the network of the depth
        before it on the schedule, so that they do not depend on which depths
        were asked for first.
        """
        if n_layers in self.weights:
            return self.weights[n_layers]
        if self.loss == "none":
            network = self.untrained.with_layers([]).grow(n_layers)
            return Weights(network.layers, self.weights[0].info)
        before = max(d for d in [0, *DEPTHS] if d < n_layers)
        before = before if self.layerwise else 0
        folder = weights_folder()
        key = digest(self.source, n_layers, before)
        weights = load_weights(folder, key)
        if weights is None:
            start = self.trained_weights(before)
            network = self.untrained.with_layers(start.layers)
            result = training.fit(network, n_layers, *self.samples,
                                  layerwise=self.layerwise, decay=self.decay,
                                  seed=self.seed)
            weights = Weights(network.layers, {
                "train_time_s": start.info["train_time_s"] + result.time_s,
                "train_loss": result.train_loss,
                "validation_loss": result.validation_loss,
            })
            save_weights(folder, key, weights)
        self.weights[n_layers] = weights
        return weights

    def warm_up(self):
        self.untrained.with_layers([]).grow(1)(to_tensor(self.x, self.device))
        synchronize(self.device)

    def pre_run_hook(self, n_layers):
        weights = self.trained_weights(n_layers)
        self.trained = self.untrained.with_layers(weights.layers)
        self.info = weights.info

    def run(self, n_layers):
        self.result = self.trained(to_tensor(self.x, self.device))
        synchronize(self.device)

    def get_result(self):
        steps = [p["step"].item() for p in self.trained.layers if "step" in p]
        return {
            self.network.variable: to_numpy(self.result),
            "training": {
                **self.info, "n_parameters": self.trained.n_parameters,
                "unrolls": self.network.unrolls or "", "steps": steps,
                **self.trained.layer_metrics(to_tensor(self.x, self.device)),
            },
        }
