import numpy as np
from benchmark_utils.direct import DirectSolver


class Solver(DirectSolver):
    """prox_tv, for A = I, sample by sample.

    A. Barbero and S. Sra, Modular proximal optimization for multidimensional
    total-variation regularization, J. Mach. Learn. Res. 19(56), 2018.
    """

    name = "prox-tv"
    requirements = ["pip::prox_tv"]
    library = "prox_tv"
    install = ("install LAPACKE, as by apt-get install liblapacke-dev, then "
               "pip install prox_tv")

    def denoise(self, x, lmbd):
        from prox_tv import tv1_1d

        return np.array([tv1_1d(row, lmbd) for row in x])
