from benchmark_utils.learned_tv import LearnedSolver, PrimalDualNetwork


class StepCondatVu(PrimalDualNetwork):
    """Condat-Vu whose steps, step in u and sigma in v, are learned."""

    def layer(self, point, step, sigma):
        return self.primal_dual_step(
            point, self.grad(point[0]), step, sigma, self.lmbd)


class Solver(LearnedSolver):
    """Step-Condat-Vu: Condat-Vu with two learned steps a layer.

    H. Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV regularised
    problems with unrolled algorithms, NeurIPS 2020, arXiv:2010.09545; here
    from the steps of the classical solver.
    """

    name = "Step-Condat-Vu"
    network = StepCondatVu
