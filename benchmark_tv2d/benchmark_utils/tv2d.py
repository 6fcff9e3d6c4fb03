"""What the solvers for images have in common: the problem, and the start."""
from benchmark_utils.pixels import Convolution
from unrolling.bench import classical
from unrolling.differences import nabla_norm2


class ImageSolver(classical.IterativeSolver):
    """Base of the algorithms: a subclass writes `algorithm(A, x, u, lmbd)`.

    This generator yields u (n_samples, height, width), or functions that
    return it, and begins with what it gets, the observed images x. A is a
    `Convolution`; whether the total variation is isotropic is in
    `self.isotropic`.
    """

    variable = "u"

    denoising_only = False
    """Whether the method needs A = I."""

    def refusal(self, spectrum, **_):
        if self.denoising_only and (spectrum != 1).any():
            return (f"{self.name} needs A = I, got a convolution: use a data "
                    "set with blur=0")
        return super().refusal()

    def set_objective(self, spectrum, x, lmbd, isotropic, **_):
        self.spectrum, self.x, self.lmbd = spectrum, x, lmbd
        self.isotropic = isotropic

    def arrays(self):
        return self.spectrum, self.x

    def start(self):
        return self.x

    def algorithm(self, A, x, u, lmbd):
        """Yields the start u and then each iterate, without an end."""
        raise NotImplementedError(f"{type(self).__name__}.algorithm")

    def iterates(self, spectrum, x, lmbd):
        return self.algorithm(Convolution(spectrum), x, x, lmbd)


def condat_vu_step(L, sigma, shape):
    """The step tau of Condat-Vu for a dual step sigma, on images of a shape.

    1/tau - sigma ||nabla||^2 is to be greater than L/2 for the iterates to
    converge without under-relaxation; it is so by 1 % of 1/tau. L is the
    Lipschitz constant of the gradient of the data fit.
    """
    return 0.99 / (L / 2 + sigma * nabla_norm2(*shape))
