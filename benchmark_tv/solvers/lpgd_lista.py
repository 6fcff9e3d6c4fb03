import copy

from benchmark_utils.inner_prox import LEARN_PROX, InnerProxNetwork
from benchmark_utils.learned_tv import LearnedSolver, gradient_step

from unrolling.options import COUNT
from unrolling.weights import Weights


class LPGDLISTA(InnerProxNetwork):
    """u <- prox(V_t u + U_t x, b_t), as LPGD-Taut, but for learned b_t and a
    prox that is a network itself: that of inner layers, on the jumps."""

    def init_layer(self, t):
        return super().init_layer(t) | gradient_step(self.A, self.L) | {
            "threshold": self.lmbd / self.L}

    def layer(self, u, V, U, threshold, **inner):
        return self.inner_prox(*self.prox_of(u, V, U, threshold), **inner)

    def prox_of(self, u, V, U, threshold):
        """The point and the threshold of the prox of a layer."""
        return u @ V.T + self.x @ U.T, threshold


class Solver(LearnedSolver):
    """LPGD-LISTA: PGD with learned matrices and n_inner layers for its prox.

    The inner network is LISTA on the jumps of the prox's input, untrained
    (learn_prox=none), the same in all layers (global), or one for each
    (per-layer). prox_error is how far it is from the exact prox. H. Cherkaoui,
    J. Sulam and T. Moreau, Learning to solve TV regularised problems with
    unrolled algorithms, NeurIPS 2020, arXiv:2010.09545, whose inner layers
    these are. As theirs, an inner network for each layer is trained on from
    the trained network of the same depth whose inner network is untrained,
    where layerwise is network or recursive.
    """

    name = "LPGD-LISTA"
    network = LPGDLISTA
    parameters = LearnedSolver.parameters | {
        "n_inner": [20], "learn_prox": ["per-layer"]}
    ranges = {"n_inner": COUNT}
    test_parameters = {"n_inner, learn_prox": [
        (2, "none"), (2, "global"), (2, "per-layer")]}

    def refusal(self, **problem):
        if self.learn_prox not in LEARN_PROX:
            return (f"learn_prox must be one of {', '.join(LEARN_PROX)}, got "
                    f"learn_prox={self.learn_prox}")
        return super().refusal(**problem)

    def set_objective(self, **problem):
        super().set_objective(
            **problem, n_inner=self.n_inner, learn_prox=self.learn_prox)
        self.plain = None
        if self.learn_prox == "per-layer" and self.layerwise in (
                "network", "recursive"):
            self.plain = copy.copy(self)
            self.plain.learn_prox = "none"
            self.plain.get_seed = self.get_seed  # copies are not in the run
            self.plain.set_objective(**problem)

    def trained_weights(self, n_layers):
        if self.plain is None or self.loss == "none" or n_layers == 0:
            return super().trained_weights(n_layers)
        return self.cached([n_layers, "inner"], n_layers, lambda: (
            self.with_inner(self.plain.trained_weights(n_layers))))

    def with_inner(self, weights):
        """Weights of outer layers, and of untrained inner ones for each."""
        return Weights([
            self.untrained.untrained_layer(t) | outer
            for t, outer in enumerate(weights.layers)], weights.info)
