import torch
from benchmark_utils.layer_training import LayerSolver
from benchmark_utils.layers import Solution

from unrolling.options import COUNT, or_tuned


class Solver(LayerSolver):
    """Differentiates n_iter iterations of the layer's solver, by autograd.

    Its forward pass is those iterations, too: mirror descent on the simplex,
    accelerated proximal gradient steps where L is quadratic. J. Domke, Generic
    methods for optimization-based modeling, AISTATS 2012, PMLR 22:318-326;
    P. Ablin, G. Peyre and T. Moreau, Super-efficiency of automatic
    differentiation, ICML 2020, arXiv:2002.03722.
    """

    name = "Unrolled"
    parameters = {
        "n_iter": ["tuned"], "step_size": ["tuned"], "optimizer": ["gd"]}
    ranges = {"n_iter": or_tuned(COUNT)}
    hyper = "n_iter"

    def unfit(self, layer, loss):
        if not layer.unrollable:
            return ("Unrolled needs a layer with a differentiable iterative "
                    f"solver, got {type(layer).__name__}")
        return None

    def forward(self, w):
        self.w, n_iter = w.detach().requires_grad_(), int(self.hyper_value)
        self.unrolled = self.layer.unroll(self.w, n_iter)
        self.n_solves, self.n_inner = self.n_solves + 1, self.n_inner + n_iter
        return Solution(self.unrolled.detach(), n_iter)

    def pullback(self, w, here, dx):
        return torch.autograd.grad(self.unrolled, self.w, dx)[0]
