from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.networks import ALISTA


class MomentumALISTA(ALISTA):
    """z <- ST(z - a_t (Dz - x)'W + m_t (z - z_old), b_t), W as in ALISTA.

    Learned are a step a_t and a threshold b_t, and from the second layer on a
    momentum m_t, which starts at 0. A point is (z, z_old).
    """

    def start(self):
        z = super().start()
        return z, z

    def init_layer(self, t):
        return super().init_layer(t) | ({"momentum": 0.0} if t else {})

    def layer(self, point, step, threshold, momentum=0):
        z, z_old = point
        moved = z + momentum * (z - z_old)
        return self.proximal_step(
            moved, self.residual(z) @ self.W, step, threshold), z


class Solver(UnrolledSolver):
    """ALISTA with momentum: three learned numbers per layer.

    X. Chen, J. Liu, Z. Wang and W. Yin, Hyperparameter tuning is all you need
    for LISTA, NeurIPS 2021, arXiv:2110.15900.
    """

    name = "Momentum-ALISTA"
    network = MomentumALISTA
