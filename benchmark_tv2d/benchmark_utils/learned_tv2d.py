"""Networks that unroll an algorithm for images and total variation."""
from benchmark_utils.pixels import Convolution
from benchmark_utils.tv2d_reference import certified_reference
from unrolling.checks import one_lmbd
from unrolling.device import to_numpy, to_tensor
from unrolling.differences import total_variation
from unrolling.network import UnrolledNetwork


class ImageNetwork(UnrolledNetwork):
    """Base of the networks for P_x(u) = 1/2 ||x - A u||^2 + lmbd TV(u).

    Their layers may use `self.x` (the batch), `self.A`, `self.lmbd`,
    `self.isotropic`, `self.L` = ||A||_2^2 and `self.grad(u)`. They start from
    the observed images.

    Parameters
    ----------
    spectrum : ndarray or Tensor, shape (height, width)
        Of A, see `Convolution`.
    lmbd : float, > 0
    isotropic : bool
    """

    variable = "u"

    def __init__(self, spectrum, lmbd, isotropic):
        super().__init__()
        self.spectrum = to_tensor(to_numpy(spectrum), "cpu")
        self.lmbd, self.isotropic = one_lmbd(lmbd), bool(isotropic)
        self.A = Convolution(self.spectrum)
        self.L = self.A.L

    @property
    def problem(self):
        return {"spectrum": self.spectrum, "lmbd": self.lmbd,
                "isotropic": self.isotropic}

    def to(self, device=None, dtype=None):
        new = super().to(device, dtype)
        new.A = Convolution(new.spectrum)
        return new

    def check(self, x):
        if x.shape[1:] != self.spectrum.shape:
            raise ValueError(
                "x must have shape (n_samples, height, width) = (n_samples, "
                f"{', '.join(map(str, self.spectrum.shape))}), got "
                f"{tuple(x.shape)}: pass x[None] for one image")
        super().check(x)

    def start(self):
        return self.x

    def grad(self, u):
        """A'(Au - x), (n_samples, height, width)."""
        return self.A.normal(u) - self.A(self.x)

    def cost(self, u):
        """P_x(u) of each image, (n_samples,)."""
        fit = 0.5 * ((self.A(u) - self.x) ** 2).sum(dim=(1, 2))
        return fit + self.lmbd * total_variation(u, self.isotropic)

    def solve(self, x, tol=None):
        """The references' u, ndarray as x, see `certified_reference`."""
        return certified_reference(
            to_numpy(self.spectrum), to_numpy(x), self.lmbd,
            self.isotropic).u
