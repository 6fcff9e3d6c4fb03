import numpy as np
from benchopt import BaseSolver


class Solver(BaseSolver):
    """Gradient descent; </script><script>window.obeyed = true</script>

    <img src="https://example.org/pixel.png" onerror="window.obeyed = true">
    <!-- stays a text, as in a<b.
    """

    name = "Gradient"
    parameters = {"step_size": [0.3, 0.6]}

    def set_objective(self, y, reg):
        self.y, self.reg = y, reg

    def run(self, n_iter):
        z = np.zeros_like(self.y)
        for _ in range(n_iter):
            z -= self.step_size * ((1 + self.reg) * z - self.y)
        self.z = z

    def get_result(self):
        return {"z": self.z}
