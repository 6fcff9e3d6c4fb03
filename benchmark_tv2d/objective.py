import numpy as np
from benchmark_utils.pixels import Convolution, spectrum_of
from benchmark_utils.tv2d_reference import certified_reference, tv2d_cost

from unrolling.bench.criteria import GapCriterion
from unrolling.bench.objective import (
    BenchmarkObjective,
    check_result,
    cost_metrics,
    encode,
)
from unrolling.bench.pictures import as_text
from unrolling.bench.samples import written
from unrolling.checks import check_lmbd
from unrolling.psnr import psnr_db

ROUNDING = 1e-13
"""Relative error of a difference of two costs."""


class Objective(BenchmarkObjective):
    """Total variation of images: denoising and deblurring, many at once.

    min_u P_x(u) = 1/2 ||x - A u||^2 + lmbd TV(u) for each image x (height,
    width) of the test set. TV sums, over the pixels, the Euclidean norm of
    the two differences to the next pixels (tv=isotropic) or their absolute
    values (tv=anisotropic). A is the identity, or the convolution with a
    kernel that is symmetric along both axes, of images that go on beyond
    their borders as in a mirror.

    lmbd is in the unit of the images, whose values are about 0 to 1. It is no
    share of a lmbd_max as in one dimension: there this is the largest of some
    sums, while for images it is the solution of a problem as hard as this
    one. All methods start from the observed image x.

    The reference u* is the best of a long run of ADMM, with a lower bound of
    min P_x from a point that is feasible for the dual problem. Suboptimality
    is the mean of P_x(u) - P_x(u*), and can be below zero by no more than
    what is left between the two, reference_gap. The duality gap of u is taken
    to the same bound, so it certifies u, whatever method it comes from. Gaps
    are shares of P at the best constant image; the largest is shown.
    """

    name = "TV2D"
    url = "https://github.com/unrolling/unrolling/tree/main/benchmark_tv2d"
    min_benchopt_version = "1.10"
    requirements = ["pip::torch", "numba", "scipy"]

    parameters = {"lmbd": [0.1], "tv": ["isotropic", "anisotropic"]}
    test_config = {"tv": "isotropic"}
    test_dataset_name = "Simulated"

    sampling_strategy = "callback"
    stopping_criterion = GapCriterion(
        strategy="callback", max_time=1.0, tol=1e-8)

    def check(self, kernel, x_train, x_test, u_train=None, u_test=None):
        check_lmbd(self.lmbd, 1)
        if self.tv not in ("isotropic", "anisotropic"):
            raise ValueError(
                f"tv must be isotropic or anisotropic, got tv={self.tv}")
        if kernel is not None:
            check_kernel(kernel)
        for name, images in (("x_train", x_train), ("x_test", x_test)):
            check_images(name, images)
        if np.shape(x_train)[1:] != np.shape(x_test)[1:]:
            raise ValueError(
                "x_train and x_test must hold images of one size, got "
                f"{np.shape(x_train)[1:]} and {np.shape(x_test)[1:]}")
        for name, u, x in (("u_train", u_train, x_train),
                           ("u_test", u_test, x_test)):
            if u is not None:
                check_images(name, u)
                if np.shape(u) != np.shape(x):
                    raise ValueError(
                        f"{name} must have the shape of the observed images, "
                        f"{np.shape(x)}, got {np.shape(u)}")

    def set_data(self, kernel, x_train, x_test, u_train=None, u_test=None):
        self.x_train, self.x_test, self.u_train, self.u_test = (
            v if v is None else np.asarray(v, dtype=np.float64)
            for v in (x_train, x_test, u_train, u_test))
        shape = self.x_test.shape[1:]
        self.spectrum = np.ones(shape) if kernel is None else spectrum_of(
            np.asarray(kernel, dtype=np.float64), *shape)
        self.isotropic = self.tv == "isotropic"
        self.problem = (Convolution(self.spectrum), self.x_test, self.lmbd,
                        self.isotropic)
        self.reference = certified_reference(
            self.spectrum, *self.problem[1:])

    def get_objective(self):
        return {
            "spectrum": self.spectrum, "x": self.x_test, "lmbd": self.lmbd,
            "isotropic": self.isotropic, "x_train": self.x_train,
            "target_train": self.u_train,
        }

    def evaluate_result(self, u, training=None):
        """Metrics of u (n_samples, height, width), in float64."""
        check_result(
            "u", u, self.x_test.shape, "(n_samples, height, width)")
        cost, best = tv2d_cost(u, *self.problem), self.reference
        suboptimality = cost - best.cost
        metrics = {
            **cost_metrics(cost, suboptimality),
            "duality_gap": ((cost - best.bound) / best.unit).max(),
            "reference_gap": ((best.cost - best.bound) / best.unit).max(),
            "pictures": as_text(u),
            "observed": as_text(self.x_test),
        }
        samples = {
            "suboptimality": suboptimality,
            "resolution": best.cost - best.bound + ROUNDING * best.cost,
        }
        if self.u_test is not None:
            samples["error"] = ((u - self.u_test) ** 2).mean(axis=(1, 2))
            metrics["psnr_db"] = psnr_db(samples["error"]).mean()
            metrics["truth"] = as_text(self.u_test)
        metrics |= written(**samples)
        if training is not None:
            metrics |= training | {"inverse_L": 1 / self.problem[0].L}
        return encode(metrics)

    def get_one_result(self):
        return {"u": np.zeros(self.x_test.shape)}


def check_images(name, images):
    """ValueError unless these are images, finite, and neither empty nor
    constant where they are observed."""
    shape = np.shape(images)
    if len(shape) != 3 or 0 in shape:
        raise ValueError(
            f"{name} must have shape (n_samples, height, width), with at "
            f"least one sample and pixel, got {shape}: pass x[None] for one "
            "image")
    images = np.asarray(images, dtype=np.float64)
    if not np.isfinite(images).all():
        raise ValueError(
            f"{name} must be finite, got {(~np.isfinite(images)).sum()} NaN "
            "or infinite entries: impute them, or remove these images")
    if name.startswith("x_"):
        spread = np.ptp(images, axis=(1, 2))
        flat = np.flatnonzero(spread <= 1e-12 * abs(images).max(axis=(1, 2)))
        if len(flat):
            raise ValueError(
                f"{name}: each image needs two different pixels, got constant "
                f"ones at {flat[:10].tolist()}: remove them")


def check_kernel(kernel):
    """ValueError unless it is a symmetric kernel of odd sizes, which does not
    send constants to zero."""
    shape = np.shape(kernel)
    if len(shape) != 2 or not all(n % 2 for n in shape):
        raise ValueError(
            f"kernel must be 2-D with odd sizes, got shape {shape}: its "
            "middle is the pixel itself; None is the identity")
    kernel = np.asarray(kernel, dtype=np.float64)
    size = abs(kernel).sum()
    if not np.isfinite(size):
        raise ValueError(
            "kernel must be finite, got NaN or infinite entries: replace them")
    flips = abs(kernel - kernel[::-1]).max(), abs(kernel - kernel[:, ::-1]
                                                  ).max()
    if max(flips) > 1e-12 * size:
        raise ValueError(
            "kernel must be symmetric along both axes, got one that differs "
            f"from its flips by {flips[0]:.1e} and {flips[1]:.1e}: average it "
            "with them, the cosine transform diagonalises no other kernel")
    if abs(kernel.sum()) <= 1e-12 * size:
        raise ValueError(
            "kernel must not sum to zero, got one that does: each constant "
            "would fit as well as any other; add to its middle")
