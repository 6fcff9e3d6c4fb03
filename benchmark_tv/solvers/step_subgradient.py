from benchmark_utils.learned_tv import LearnedSolver
from benchmark_utils.tv import diff, diff_adjoint

from unrolling.tv.network import TVNetwork


class StepSubgradient(TVNetwork):
    """u <- u - a_t (A'(Au - x) + lmbd nabla'sign(nabla u)), a_t learned."""

    unrolls = "Subgradient"

    def init_layer(self, t):
        return {"step": 1 / (self.L * (t + 1) ** 0.5)}

    def layer(self, u, step):
        signs = diff(u).sign()
        return u - step * (self.grad(u) + self.lmbd * diff_adjoint(signs))


class Solver(LearnedSolver):
    """Step-Subgradient: subgradient descent with learned steps.

    It has no prox, and so shows what the prox of the others gains. H.
    Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV regularised
    problems with unrolled algorithms, NeurIPS 2020, arXiv:2010.09545, in
    whose package it is.
    """

    name = "Step-Subgradient"
    network = StepSubgradient
