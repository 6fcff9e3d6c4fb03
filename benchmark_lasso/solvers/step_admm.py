from benchmark_utils.unrolled_admm import UnrolledADMM

from unrolling.bench.solver import UnrolledSolver


class StepADMM(UnrolledADMM):
    """ADMM with a learned penalty and relaxation in each layer."""

    def init_layer(self, t):
        return self.numbers()


class Solver(UnrolledSolver):
    """Step-ADMM: ADMM with a learned penalty and relaxation in each layer.

    Y. Yang, J. Sun, H. Li and Z. Xu, ADMM-CSNet: a deep learning approach for
    image compressive sensing, IEEE Trans. Pattern Anal. Mach. Intell. 42(3),
    2020, doi:10.1109/TPAMI.2018.2883941, whose transform is the identity here.
    """

    name = "Step-ADMM"
    network = StepADMM
