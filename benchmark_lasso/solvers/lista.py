from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.lasso.steps import proximal_step


class LISTA(LassoNetwork):
    """z <- ST(z - a_t (W_z z - W_x x), a_t b_t), all with learned values.

    The same maps as ST(V z + U x, c): V = I - a W_z, U = a W_x, c = a b, with
    the step as a scalar of its own.
    """

    def init_layer(self, t):
        n_atoms = self.D.shape[1]
        return {"step": 1 / self.L, "W_z": self.D.T @ self.D, "W_x": self.D,
                "threshold": [self.lmbd] * n_atoms}

    def layer(self, z, step, W_z, W_x, threshold):
        return proximal_step(
            z, z @ W_z - self.x @ W_x, step, step * threshold)


class Solver(UnrolledSolver):
    """LISTA, with two matrices and one threshold per atom in each layer.

    The matrices are trained after the steps. K. Gregor and Y. LeCun, Learning
    fast approximations of sparse coding, ICML 2010.
    """

    name = "LISTA"
    network = LISTA
