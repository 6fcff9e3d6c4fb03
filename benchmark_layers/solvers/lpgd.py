from benchmark_utils.layer_training import LayerSolver

from unrolling.options import POSITIVE, POSITIVE_OR_ZERO, or_tuned

VARIANTS = "lower", "upper", "average"


class Solver(LayerSolver):
    """Lagrangian proximal gradient descent: finite differences of solutions.

    With x(t) = argmin_x L(x, w) + t <dx, x> + rho/2 ||x - x*||^2, dw is
    (grad_w L at x(tau) - at x*) / tau (variant=lower), (grad_w L at x* - at
    x(-tau)) / tau (upper), or the mean of both (average). A. Paulus, G.
    Martius and V. Musil, LPGD: a general framework for backpropagation through
    embedded optimization layers, ICML 2024, arXiv:2407.05920. rho > 0 is its
    augmented form, whose limit for tau -> 0 is the derivative of the augmented
    layer. At rho = 0 the lower variant is blackbox differentiation: M.
    Vlastelica et al., ICLR 2020, arXiv:1912.02175.
    """

    name = "LPGD"
    parameters = {
        "variant": ["lower", "average"], "tau": ["tuned"], "rho": [0.0],
        "step_size": ["tuned"], "optimizer": ["gd"],
    }
    ranges = {"tau": or_tuned(POSITIVE), "rho": POSITIVE_OR_ZERO}
    hyper = "tau"

    def label(self):
        return f"LPGD {self.variant} rho={self.rho:g}"

    def unfit(self, layer, loss):
        if self.variant not in VARIANTS:
            return (f"variant must be one of {', '.join(VARIANTS)}, got "
                    f"variant={self.variant}")
        if self.rho and not layer.augmentable:
            return ("rho > 0 needs a layer whose augmented problem can be "
                    f"solved, got rho={self.rho} and {type(layer).__name__}")
        return None

    def pullback(self, w, here, dx):
        tau, above, below = self.hyper_value, here.x, here.x
        if self.variant != "upper":
            above = self.solve(w, tau * dx, self.rho, here.x, here.x).x
        if self.variant != "lower":
            below = self.solve(w, -tau * dx, self.rho, here.x, here.x).x
        width = 2 * tau if self.variant == "average" else tau
        return (self.layer.grad(above) - self.layer.grad(below)) / width
