"""The state of consensus ADMM: two blocks, their multiplier and penalty."""
import numpy as np

SCHEDULES = "constant", "balanced"
RESTARTS = "cold", "warm"
BALANCE, FACTOR = 10.0, 2.0
"""Residuals that differ more than BALANCE times change rho by FACTOR."""


class Split:
    """theta_1 = theta_2 = theta, with the terms of the augmented Lagrangian

    <dual, theta_2 - theta_1> + rho/2 ||theta_2 - theta_1||^2.

    Parameters
    ----------
    theta : ndarray, shape (n_parameters,)
        Where both blocks start; the multiplier starts at 0.
    rho : float, > 0
    schedule : "constant", or "balanced" for a rho that keeps the primal and
        the dual residual alike: S. Boyd, N. Parikh, E. Chu, B. Peleato and J.
        Eckstein, Distributed optimization and statistical learning via ADMM,
        Found. Trends Mach. Learn. 3(1), 2011, doi:10.1561/2200000016, eq. 3.13
    """

    def __init__(self, theta, rho, schedule="constant"):
        self.theta_1 = self.theta_2 = theta
        self.dual = np.zeros_like(theta)
        self.rho, self.schedule = rho, schedule

    def slope_1(self):
        """Gradient of these terms in theta_1."""
        return -self.dual + self.rho * (self.theta_1 - self.theta_2)

    def slope_2(self):
        """Gradient of these terms in theta_2."""
        return self.dual + self.rho * (self.theta_2 - self.theta_1)

    def advance(self, theta_2):
        """The new second block, then dual <- dual + rho (theta_2 - theta_1).
        """
        moved, self.theta_2 = theta_2 - self.theta_2, theta_2
        gap = theta_2 - self.theta_1
        self.dual = self.dual + self.rho * gap
        if self.schedule == "balanced":
            primal = np.linalg.norm(gap)
            dual = self.rho * np.linalg.norm(moved)
            if primal > BALANCE * dual:
                self.rho *= FACTOR
            elif dual > BALANCE * primal:
                self.rho /= FACTOR

    @property
    def average(self):
        """The mean of the blocks."""
        return (self.theta_1 + self.theta_2) / 2

    def restart(self, theta, kind):
        """Both blocks go on from theta; if it is cold, without multiplier."""
        self.theta_1 = self.theta_2 = theta
        if kind == "cold":
            self.dual = np.zeros_like(theta)
