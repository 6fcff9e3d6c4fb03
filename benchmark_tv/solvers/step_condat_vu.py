from benchmark_utils.learned_tv import PrimalDualNetwork, PrimalDualSolver


class StepCondatVu(PrimalDualNetwork):
    """Condat-Vu whose steps, step in u and sigma in v, are learned."""

    def layer(self, point, step, sigma):
        return self.primal_dual_step(
            point, self.grad(point[0]), step, sigma, self.lmbd)


class Solver(PrimalDualSolver):
    """Step-Condat-Vu: Condat-Vu with two learned steps a layer.

    H. Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV regularised
    problems with unrolled algorithms, NeurIPS 2020, arXiv:2010.09545, in
    whose package it is; here from the steps of the classical solver
    with that ratio.
    """

    name = "Step-Condat-Vu"
    network = StepCondatVu
