import numpy as np
import torch
from benchopt import BaseSolver


class Solver(BaseSolver):
    """What the method does, in a line; its authors, title, venue, DOI.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report: the paper's, without a '/'.
    name = "My-method"

    # One curve for each combination. They become attributes: self.step_size.
    # A name must not be that of a method or attribute.
    parameters = {"step_size": [0.01]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    # The solver decides when it is measured: cb() in `run`.
    sampling_strategy = "callback"

    def skip(self, loss, regulariser, **_):
        """Why this problem is not for this method, if it is not."""
        if loss != "l2" or regulariser == "tv":
            return True, ("My-method needs least squares without TV, got "
                          f"loss={loss}, regulariser={regulariser}")
        return False, None

    def set_objective(self, G, A, b, z_start, mu, **_):
        """The problem: G (a torch module), A (n_measurements, n_pixels),
        b (n_problems, n_measurements), z_start (n_problems, n_latent) and
        mu, the weight of H(z) = mu/2 ||z||^2."""
        self.mu = mu
        self.G, self.z = G, torch.as_tensor(z_start, dtype=torch.float32)
        self.A, self.b = (
            torch.as_tensor(v, dtype=torch.float32) for v in (A, b))

    def run(self, cb):
        """What is timed; cb() says whether to go on after each iteration."""
        while cb():
            z = self.z.requires_grad_()
            L = ((self.G(z) @ self.A.T - self.b) ** 2).sum() / 2
            H = self.mu / 2 * (z**2).sum()
            [grad] = torch.autograd.grad(L + H, z)
            self.z = z.detach() - self.step_size * grad

    def get_result(self):
        """z (n_problems, n_latent), one row per row of z_start."""
        return {"z": self.z.detach().numpy().astype(np.float64)}
