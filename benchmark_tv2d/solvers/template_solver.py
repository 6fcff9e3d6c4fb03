from benchmark_utils.pixels import Convolution
from benchmark_utils.tv2d import condat_vu_step
from benchopt import BaseSolver

from unrolling.differences import nabla, nabla_adjoint, project


class Solver(BaseSolver):
    """What the method does, in a line; its authors, title, venue, DOI.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report: the paper's, without a '/'.
    name = "My-method"

    # One curve for each combination. They become attributes: self.dual_step.
    # A name must not be that of a method or attribute.
    parameters = {"dual_step": [20.0]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    def skip(self, spectrum, **_):
        """Why this problem is not for this method, if it is not."""
        if spectrum.max() > 1e6:
            return True, "A must be scaled: divide the kernel by its sum"
        return False, None

    def set_objective(self, spectrum, x, lmbd, isotropic, **_):
        """The problem: A by its spectrum, x (n_samples, height, width)."""
        self.spectrum, self.x, self.lmbd = spectrum, x, lmbd
        self.isotropic = isotropic

    def run(self, cb):
        """What is timed; cb() says whether to go on after each iteration."""
        A, x = Convolution(self.spectrum), self.x
        sigma = self.dual_step * self.lmbd
        tau = condat_vu_step(A.L, sigma, x.shape[1:])
        self.u, p = x, 0 * nabla(x)
        while cb():
            u = self.u - tau * (A(A(self.u) - x) + nabla_adjoint(p))
            p = project(
                p + sigma * nabla(2 * u - self.u), self.lmbd, self.isotropic)
            self.u = u

    def get_result(self):
        """u (n_samples, height, width), one image per sample."""
        return {"u": self.u}
