from benchmark_utils.classical_nonlinear import NonlinearSolver


class Solver(NonlinearSolver):
    """Landweber's iteration, x <- P(x + step J(x)' (y - K(x))).

    The step is `step_size` / ||J||^2 with J at the background; P projects on
    the points where K is defined. M. Hanke, A. Neubauer and O. Scherzer, A
    convergence analysis of the Landweber iteration for nonlinear ill-posed
    problems, Numer. Math. 72(1), 1995, doi:10.1007/s002110050158.
    """

    name = "Landweber"
    parameters = {"step_size": ["tuned"]}
    tuned_parameter, tuning_range = "step_size", (1e-2, 1e2)

    def iterates(self, K, y, x):
        step = self.chosen / K.norm(self.background) ** 2
        while True:
            yield x
            at = K.at(x)
            x = K.project(x + step * at.pull(y - at.value))
