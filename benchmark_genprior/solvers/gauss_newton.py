import torch
from benchmark_utils.latent import Iterate, LatentSolver
from benchmark_utils.steps import damped_newton, jacobian


class Solver(LatentSolver):
    """Levenberg-Marquardt on the residuals A G(z) - b, all problems at once.

    A step solves (J'J + mu I) d = -grad; where it lowers the loss it is taken
    and mu is a third, else mu is three times as large, and J is kept. K.
    Levenberg, A method for the solution of certain non-linear problems in
    least squares, Quart. Appl. Math. 2(2), 1944, doi:10.1090/qam/10666; D. W.
    Marquardt, doi:10.1137/0111030.
    """

    name = "Gauss-Newton"
    parameters = {"damping": [0.1], "device": ["cpu"]}
    needs = {"residuals": "a quadratic loss"}

    @torch.no_grad()
    def iterates(self, z):
        G, fit, A = self.G, self.fit, self.fit.A
        z, image = z.clone(), G(z)
        error, moved = fit.error(image), torch.ones(len(z), dtype=torch.bool)
        J = z.new_empty(len(z), len(A), z.shape[1])
        mu = torch.full_like(error, self.damping)[:, None]
        while True:
            yield Iterate(z, image)
            if moved.any():
                J[moved] = A @ jacobian(G, z[moved])
            residual = fit.residual(image) * fit.slope(image)
            grad = (J.mT @ residual[..., None])[..., 0]
            trial = z + damped_newton(J, grad, mu)
            trial_image = G(trial)
            trial_error = fit.error(trial_image)
            moved = trial_error < error
            z[moved], image[moved] = trial[moved], trial_image[moved]
            error = torch.where(moved, trial_error, error)
            mu = torch.where(moved[:, None], mu / 3, mu * 3).clamp(1e-9, 1e9)
