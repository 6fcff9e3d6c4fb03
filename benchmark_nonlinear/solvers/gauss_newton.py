from benchmark_utils.classical_nonlinear import NonlinearSolver
from benchmark_utils.newton_steps import tikhonov_step


class Solver(NonlinearSolver):
    """Gauss-Newton steps with a fixed damping, x <- P(x + d).

    d = argmin ||J d - (y - K(x))||^2 + damping ||J_0||^2 ||d||^2, where J_0 is
    J at the background and P projects on the points where K is defined.
    Nothing pulls x to the background: the number of iterations regularises. J.
    Nocedal and S. J. Wright, Numerical optimization, Springer, 2006,
    doi:10.1007/978-0-387-40065-5, chapter 10.
    """

    name = "Gauss-Newton"
    parameters = {"damping": ["tuned"]}
    tuned_parameter, tuning_range = "damping", (1e-6, 1e2)

    def iterates(self, K, y, x):
        alpha = self.chosen * K.norm(self.background) ** 2
        while True:
            yield x
            at = K.at(x)
            d = tikhonov_step(at.jacobian(), y - at.value, alpha)
            x = K.project(x + d)
