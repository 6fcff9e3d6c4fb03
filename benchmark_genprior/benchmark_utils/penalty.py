"""How ADMM's penalty grows and its dual step shrinks, for each problem."""
import torch


class Schedule:
    """The schedule of exact ADMM in the code of F. Latorre, A. Eftekhari and
    V. Cevher, Fast and provable ADMM for learning with generative priors,
    NeurIPS 2019, arXiv:1907.03343, but for sigma, which changes here after
    the dual step.

    While the infeasibility i is above rho_0 / sqrt(t), rho grows by
    sqrt(t / (t - 1)), at most as sqrt(t), and the dual step sigma is in
    proportion to its growth, beginning with what it was. Below, rho stays;
    sigma shrinks by sqrt((t - 1) / t), until i is at most rho_0 / t, where
    it stays, too.

    Parameters
    ----------
    rho : Tensor, shape (n_problems, 1)
        The first penalty, and the first dual step.
    """

    def __init__(self, rho):
        self.first, self.rho, self.sigma = rho, rho, rho
        self.slope = torch.full_like(rho, torch.nan)

    def update(self, t, infeasibility):
        """After iteration t = 0, 1, ...; infeasibility (n_problems, 1)."""
        if t < 2:
            return
        i, before = infeasibility, self.rho
        large = i > self.first / t**0.5
        middle = (i > self.first / t) & ~large
        self.rho = torch.where(large, before * (t / (t - 1)) ** 0.5, before)
        growth = self.rho - before
        slope = torch.where(
            self.slope.isnan(), self.sigma / growth, self.slope)
        self.slope = torch.where(large, slope, torch.nan)
        self.sigma = torch.where(
            middle, self.sigma * ((t - 1) / t) ** 0.5,
            torch.where(large, slope * growth, self.sigma))
