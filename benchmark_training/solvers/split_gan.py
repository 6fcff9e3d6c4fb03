from benchmark_utils.splitting import Split
from benchmark_utils.training_solvers import GameSolver, Restarted

from unrolling.optimizers import Adam


class Solver(Restarted, GameSolver):
    """A GAN whose discriminator is split by consensus ADMM.

    theta_1 sees the real samples only, theta_2 the generated ones; each takes
    a step of Adam on its loss and the augmented terms, then dual <- dual + rho
    (theta_2 - theta_1). The generator learns from theta_2 or from the average
    (`judge`), which the source does not say. Z. Hervieux-Moore, ADMM in neural
    networks, slides of ELE 538B, 2018; GANs: arXiv:1406.2661.

    `loss` and `sign` are those of the GAN. After `restart_every` iterations
    and `n_plain` steps of the GAN that is not split, both blocks go on from
    their mean: without multiplier (`restart=cold`) or with it (`warm`).
    """

    name = "Split-GAN"
    parameters = {
        "rho": [10.0], "judge": ["average"], "loss": ["logits"],
        "sign": ["corrected"], "schedule": ["constant"],
        "restart_every": [0], "restart": ["cold"], "n_plain": [0],
        "step_size": ["tuned"],
        "beta_1, beta_2": [(0.5, 0.9)], "dtype": ["float32"],
    }
    choices = Restarted.choices | GameSolver.choices | {
        "judge": ("average", "theta_2")}

    def iterates(self, rng):
        task, (theta_g, theta_d) = self.task, self.start()
        adam_g, adam_1, adam_2 = (
            Adam(self.beta_1, self.beta_2) for _ in range(3))
        yield {"theta_g": theta_g, "theta_d": theta_d, "theta_2": theta_d}
        split = Split(theta_d, self.rho, self.schedule)
        while True:
            for _ in self.rounds():
                x, z = task.draw(rng, self.dtype)
                w = task.G(theta_g, z)
                slope = self.slope_real(split.theta_1, x) + split.slope_1()
                split.theta_1 = split.theta_1 + adam_1.move(slope, self.step)
                slope = self.slope_fake(split.theta_2, w) + split.slope_2()
                split.advance(split.theta_2 + adam_2.move(slope, self.step))
                theta_d = (split.average if self.judge == "average"
                           else split.theta_2)
                theta_g = theta_g + adam_g.move(
                    self.slope_generator(theta_g, theta_d, z), self.step)
                yield {"theta_g": theta_g, "theta_d": split.theta_1,
                       "theta_2": split.theta_2}
            theta_d = split.average
            for _ in range(self.n_plain):
                x, z = task.draw(rng, self.dtype)
                slope = (self.slope_real(theta_d, x)
                         + self.slope_fake(theta_d, task.G(theta_g, z)))
                theta_d = theta_d + adam_1.move(slope, self.step)
                theta_g = theta_g + adam_g.move(
                    self.slope_generator(theta_g, theta_d, z), self.step)
                yield {"theta_g": theta_g, "theta_d": theta_d,
                       "theta_2": theta_d}
            split.restart(theta_d, self.restart)
