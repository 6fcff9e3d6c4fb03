from benchopt import BaseSolver

from unrolling.bench.criteria import BudgetCriterion


class Solver(BaseSolver):
    """What the method does, in a line; its authors, title, venue, DOI.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report: the paper's, without a '/'.
    name = "My-method"

    # One curve for each combination. They become attributes: self.step_size.
    # A name must not be that of a method or attribute.
    parameters = {"step_size": [0.2]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    # The solver decides when it is measured: cb() in `run`. It stops after the
    # objective's max_iter iterations or max_time seconds.
    sampling_strategy = "callback"
    stopping_criterion = BudgetCriterion(
        strategy="callback", key_to_monitor="mse")

    def skip(self, K, **_):
        """Why this problem is not for this method, if it is not."""
        if K.n_x < K.n_y:
            return True, f"My-method needs n_x >= n_y, got {K.n_x}, {K.n_y}"
        return False, None

    def set_objective(self, K, background, y, start, max_iter, max_time,
                      **_):
        """The problem: the operator K, data y (n_samples, n_y), the rule
        y -> initial guesses (n_samples, n_x), and the budget. Also given:
        train and validation, each with x, y and initial guesses."""
        self.K, self.y, self.start = K, y, start
        self.max_iter, self.max_time = max_iter, max_time
        self.step = self.step_size / K.norm(background) ** 2

    def run(self, cb):
        """What is timed; cb() says whether to go on after each iteration."""
        self.x = self.start(self.y)
        while cb():
            at = self.K.at(self.x)  # at.value is K(x), at.jacobian() is J
            self.x = self.x + self.step * at.pull(self.y - at.value)

    def get_result(self):
        """x (n_samples, n_x), one row per row of y."""
        return {"x": self.x}
