import numpy as np
from benchopt import BaseObjective


class Objective(BaseObjective):
    """Half the squared distance to y, plus reg times half of ||z||^2.

    The words </script> and <!-- are here to be shown, not to be obeyed.
    """

    name = "Tiny <ridge>"
    url = "https://example.org/tiny_benchmark"
    parameters = {"reg": [0.5]}
    sampling_strategy = "iteration"

    def set_data(self, y):
        self.y = y
        self.best = self.cost(y / (1 + self.reg))

    def cost(self, z):
        return 0.5 * np.sum((z - self.y) ** 2 + self.reg * z**2)

    def evaluate_result(self, z):
        value = self.cost(z)
        return {
            "value": value,
            "suboptimality": value - self.best,
            "nan_at_zero": np.nan if not z.any() else value,
            "verdict": "good" if value < 1.1 * self.best else "bad",
        }

    def get_objective(self):
        return {"y": self.y, "reg": self.reg}

    def get_one_result(self):
        return {"z": self.y}
