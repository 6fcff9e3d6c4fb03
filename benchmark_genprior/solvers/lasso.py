import numpy as np
from benchmark_utils.bases import BASES
from benchmark_utils.latent import ImageSolver

from unrolling import solve_lasso


class Solver(ImageSolver):
    """Sparsity in a basis instead of a generator: the image is B c, with
    min_c 1/2 ||A B c - b||^2 + lmbd ||c||_1.

    The cosine and the Haar basis, and the penalty, a share of the largest,
    are as in A. Bora, A. Jalal, E. Price and A. G. Dimakis, Compressed sensing
    using generative models, ICML 2017, arXiv:1703.03208; the share is the best
    on training images. The mean of the image is penalised, too.
    """

    name = "Lasso"
    parameters = {"basis": ["dct", "haar"]}
    regs = tuple(10.0 ** -(np.arange(9) / 2))

    def images(self, A, b, reg):
        B = BASES[self.basis](self.problem["shape"])
        B = B[:, abs(A @ B).max(axis=0) > 1e-12]  # what A sees of it
        D = A @ B
        lmbd = reg * np.maximum(abs(b @ D).max(axis=1), 1e-12)
        return solve_lasso(D, b, lmbd, tol=1e-4).z @ B.T
