import numpy as np
from benchmark_utils.latent import ImageSolver


class Solver(ImageSolver):
    """Linear estimate of least mean square error (Wiener's filter).

    w = mean + C A' (A C A' + noise I)^-1 (b - A mean), with the mean and the
    covariance C of the training images: what a Gaussian prior says. The
    variance of the noise is the share `reg` of the mean variance of the
    measurements, tuned as the penalty of Lasso is. G. Yu, G. Sapiro and S.
    Mallat, Solving inverse problems with piecewise linear estimators: from
    Gaussian mixture models to structured sparsity, IEEE Trans. Image Process.
    21(5), 2012, doi:10.1109/TIP.2011.2176743, with one Gaussian.
    """

    name = "LMMSE"
    regs = tuple(10.0 ** -(np.arange(-4, 13) / 2))

    def learn(self, images):
        images = np.asarray(images, float)
        self.mean, self.C = images.mean(axis=0), np.cov(images.T)

    def images(self, A, b, reg):
        S = A @ self.C @ A.T
        # 0 where the pixels that are measured are the same in all images
        noise = max(reg * np.trace(S) / len(S), 1e-12)
        return self.mean + np.linalg.solve(
            S + noise * np.eye(len(S)), (b - A @ self.mean).T).T @ A @ self.C
