import numpy as np
from benchmark_utils.bases import BASES
from benchmark_utils.latent import ImageSolver

from unrolling import solve_lasso


class Solver(ImageSolver):
    """Sparsity in a basis instead of a generator: the image is mean + B c,
    with min_c 1/2 ||A (mean + B c) - b||^2 + lmbd ||c||_1, where mean is that
    of the training images.

    The bases are a cosine and a Haar basis, as in A. Bora, A. Jalal, E. Price
    and A. G. Dimakis, Compressed sensing using generative models, ICML 2017,
    arXiv:1703.03208, who have one lmbd for all and no mean. Here the penalty
    is a share of the largest of each image, the best one on training images.
    """

    name = "Lasso"
    parameters = {"basis": ["dct", "haar"]}
    regs = tuple(10.0 ** -(np.arange(13) / 2))

    def learn(self, images):
        self.mean = np.mean(images, axis=0, dtype=float)

    def images(self, A, b, reg):
        B = BASES[self.basis](self.problem["shape"])
        B = B[:, abs(A @ B).max(axis=0) > 1e-12]  # what A sees of it
        D, x = A @ B, b - A @ self.mean
        lmbd = reg * np.maximum(abs(x @ D).max(axis=1), 1e-12)
        return self.mean + solve_lasso(D, x, lmbd, tol=1e-4).z @ B.T
