from benchmark_utils.learned_tv import LearnedSolver

from unrolling.tv.networks import StepLPGD


class ConstantStep(StepLPGD):
    """u <- prox_tv(u - a A'(Au - x), a lmbd), with one step a for all layers.
    """

    def init_shared(self):
        return super().init_layer(0)

    def init_layer(self, t):
        return {}


class Solver(LearnedSolver):
    """PGD with one step for all iterations, tuned on the training problems.

    One number where a network has one or more for each layer: the least that
    a learned method has to beat. P. L. Combettes and V. R. Wajs, Signal
    recovery by proximal forward-backward splitting, Multiscale Model. Simul.
    4(4), 2005, doi:10.1137/050626090, let the step be up to 2/L.
    """

    name = "Tuned-PGD"
    network = ConstantStep
