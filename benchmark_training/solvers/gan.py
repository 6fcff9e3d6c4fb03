from benchmark_utils.training_solvers import GameSolver

from unrolling.optimizers import Adam


class Solver(GameSolver):
    """A GAN: a step of Adam for the discriminator, then for the generator.

    I. Goodfellow et al., Generative adversarial nets, NeurIPS 2014,
    arXiv:1406.2661. `loss` says how it is computed, `sign=printed` that the
    discriminator maximises its loss, see `benchmark_utils.adversarial`.
    """

    name = "GAN"
    parameters = {
        "loss": ["logits"], "sign": ["corrected"], "step_size": ["tuned"],
        "beta_1, beta_2": [(0.5, 0.9)], "dtype": ["float32"],
    }

    def iterates(self, rng):
        task, (theta_g, theta_d) = self.task, self.start()
        adam_g, adam_d = (Adam(self.beta_1, self.beta_2) for _ in range(2))
        while True:
            yield {"theta_g": theta_g, "theta_d": theta_d}
            x, z = task.draw(rng, self.dtype)
            theta_d = theta_d + adam_d.move(
                self.slope_real(theta_d, x)
                + self.slope_fake(theta_d, task.G(theta_g, z)), self.step)
            theta_g = theta_g + adam_g.move(
                self.slope_generator(theta_g, theta_d, z), self.step)
