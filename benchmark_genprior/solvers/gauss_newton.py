import torch
from benchmark_utils.latent import Iterate, LatentSolver
from benchmark_utils.steps import DAMPING, damped_newton, jacobian


class Solver(LatentSolver):
    """Levenberg-Marquardt on the residuals A G(z) - b, all problems at once.

    A step solves (J'J + (mu + damping) I) d = -(J'(A G(z) - b) + mu z), where
    mu is that of H; where it lowers L + H it is taken and the damping is a
    third, else it is three times as much, and J is kept. K.
    Levenberg, A method for the solution of certain non-linear problems in
    least squares, Quart. Appl. Math. 2(2), 1944, doi:10.1090/qam/10666; D. W.
    Marquardt, doi:10.1137/0111030.
    """

    name = "Gauss-Newton"
    parameters = {"device": ["cpu"]}
    needs = {"residuals": "a quadratic loss"}

    @torch.no_grad()
    def iterates(self, z):
        G, fit, H, A = self.G, self.fit, self.H, self.fit.A
        z, image = z.clone(), G(z)
        cost, moved = self.cost(z, image), torch.ones(len(z), dtype=torch.bool)
        J = z.new_empty(len(z), len(A), z.shape[1])
        damping = torch.full_like(z[:, :1], DAMPING)
        while True:
            yield Iterate(z, image)
            if moved.any():
                J[moved] = A @ jacobian(G, z[moved])
            residual = fit.residual(image) * fit.slope(image)
            grad = (J.mT @ residual[..., None])[..., 0] + H.grad(z)
            trial = z + damped_newton(J, grad, H.mu + damping)
            trial_image = G(trial)
            trial_cost = self.cost(trial, trial_image)
            moved = trial_cost < cost
            z[moved], image[moved] = trial[moved], trial_image[moved]
            cost = torch.where(moved, trial_cost, cost)
            damping = torch.where(
                moved[:, None], damping / 3, damping * 3).clamp(1e-9, 1e9)
