import torch
from benchopt import BaseSolver

from unrolling.bench.criteria import StepCriterion


class Solver(BaseSolver):
    """What the method does, in a line; its authors, title, venue, DOI.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run. A method that differs in its backward
    pass only is shorter, as `solvers/implicit.py`.
    """

    # The name in the report: the paper's, without a '/'.
    name = "My-method"

    # One curve for each combination. They become attributes: self.step_size.
    # A name must not be that of a method or attribute.
    parameters = {"step_size": [0.5]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    # The solver decides when it is measured: cb() in `run`. It stops after the
    # objective's max_iter steps.
    sampling_strategy = "callback"
    stopping_criterion = StepCriterion(
        strategy="callback", key_to_monitor="value")

    def skip(self, loss, **_):
        """Why this problem is not for this method, if it is not."""
        if not hasattr(loss, "solutions"):
            return True, ("My-method needs a loss that knows the right "
                          f"solutions, got {type(loss).__name__}")
        return False, None

    def set_objective(self, layer, model, loss, theta_start, phi, target,
                      max_iter, **_):
        """The layer, the model (theta, phi) -> w, the loss (x, target) -> one
        number a row, and double tensors: theta_start, phi (n_samples,
        n_features), target (n_samples, n_targets)."""
        self.layer, self.model, self.loss = layer, model, loss
        self.theta, self.phi, self.target = theta_start, phi, target
        self.max_iter = max_iter

    def run(self, cb):
        """What is timed; cb() says whether to go on after each step."""
        while cb():
            theta = self.theta.detach().requires_grad_()
            w = self.model(theta, self.phi)
            here = self.layer.solve(w.detach())
            x = here.x.requires_grad_()
            [dx] = torch.autograd.grad(self.loss(x, self.target).mean(), x)
            dw = self.layer.adjoint(w.detach(), here, dx)
            [gradient] = torch.autograd.grad(w, theta, dw)
            self.theta = theta - self.step_size * gradient

    def get_result(self):
        """theta, of the shape of theta_start."""
        return {"theta": self.theta.detach().numpy()}
