"""The networks for the Lasso that the library offers, an equation each.

ST is soft-thresholding, t counts the layers from 0, and samples are rows:
D'(Dz - x) is `residual(z) @ D`. Untrained, each network is a classical
algorithm; `network.fit(x, n_layers)` trains it.
"""
import torch

from unrolling.lasso.network import LassoNetwork


class StepLISTA(LassoNetwork):
    """z <- ST(z - a_t D'(Dz - x), a_t lmbd), one learned step a_t a layer.

    P. Ablin, T. Moreau, M. Massias and A. Gramfort, Learning step sizes for
    unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071.
    """

    def init_layer(self, t):
        return {"step": 1 / self.L}

    def layer(self, z, step):
        return self.proximal_step(z, self.grad(z), step, step * self.lmbd)


class LISTA(LassoNetwork):
    """z <- ST(z - a_t (W_z z - W_x x), a_t b_t), all with learned values.

    The same maps as ST(V z + U x, c): V = I - a W_z, U = a W_x, c = a b, with
    the step as a scalar of its own. K. Gregor and Y. LeCun, Learning fast
    approximations of sparse coding, ICML 2010.
    """

    def init_layer(self, t):
        n_atoms = self.D.shape[1]
        return {"step": 1 / self.L, "W_z": self.D.T @ self.D, "W_x": self.D,
                "threshold": [self.lmbd] * n_atoms}

    def layer(self, z, step, W_z, W_x, threshold):
        return self.proximal_step(
            z, z @ W_z - self.x @ W_x, step, step * threshold)


class CoupledLISTA(LassoNetwork):
    """z <- ST(z - a_t (Dz - x)'W_t, a_t b_t), with learned a_t, W_t, b_t.

    X. Chen, J. Liu, Z. Wang and W. Yin, Theoretical linear convergence of
    unfolded ISTA and its practical weights and thresholds, NeurIPS 2018,
    arXiv:1808.10038.
    """

    def init_layer(self, t):
        n_atoms = self.D.shape[1]
        return {"step": 1 / self.L, "W": self.D,
                "threshold": [self.lmbd] * n_atoms}

    def layer(self, z, step, W, threshold):
        return self.proximal_step(
            z, self.residual(z) @ W, step, step * threshold)

    def dictionary(self, step, W, threshold):
        return W * (self.lmbd / threshold)


class ALISTA(LassoNetwork):
    """z <- ST(z - a_t (Dz - x)'W, b_t), with learned a_t and b_t.

    W is analytic: it minimises ||W'D||_F subject to w_j'd_j = 1, so column j
    is (DD')^+ d_j scaled to w_j'd_j = 1 (Liu et al. descend the gradient, but
    the problem is separable and has this closed form). Their code also keeps
    the largest entries from being shrunk, as LISTA-CPSS does; that support
    selection is left out here. J. Liu, X. Chen, Z. Wang and W. Yin, ALISTA:
    analytic weights are as good as learned weights in LISTA, ICLR 2019.
    """

    unrolls = None

    def __init__(self, D, lmbd):
        super().__init__(D, lmbd)
        W = torch.linalg.pinv(self.D @ self.D.T, hermitian=True) @ self.D
        self.W = W / (W * self.D).sum(dim=0)
        self.step = 1 / torch.linalg.matrix_norm(
            self.D.T @ self.W, ord=2).item()

    def init_layer(self, t):
        return {"step": self.step, "threshold": self.step * self.lmbd}

    def layer(self, z, step, threshold):
        return self.proximal_step(
            z, self.residual(z) @ self.W, step, threshold)


class LearnedFISTA(LassoNetwork):
    """y = z + m_t (z - z_old), z <- ST(y - a_t D'(Dy - x), a_t lmbd).

    Learned are the steps a_t, and from the second layer on the momenta m_t,
    which are free to leave [0, 1). A point is (z, z_old, Dz_old - x): the
    residual of y needs no product of its own. Untrained it is the algorithm
    of A. Beck and M. Teboulle, A fast iterative shrinkage-thresholding
    algorithm for linear inverse problems, SIAM J. Imaging Sci. 2(1), 2009,
    doi:10.1137/080716542.
    """

    unrolls = "FISTA[restart=False]"

    def start(self):
        z = super().start()
        return z, z, self.residual(z)

    def init_layer(self, t):
        s = [1.0]
        for _ in range(t):
            s.append((1 + (1 + 4 * s[-1] ** 2) ** 0.5) / 2)
        momentum = {"momentum": (s[t - 1] - 1) / s[t]} if t else {}
        return {"step": 1 / self.L} | momentum

    def extrapolated(self, point, momentum):
        """y = z + momentum (z - z_old), D'(Dy - x), and Dz - x."""
        z, z_old, residual_old = point
        residual = self.residual(z)
        weight = torch.as_tensor(1 + momentum).to(z)
        y = torch.lerp(z_old, z, weight)
        grad = torch.lerp(residual_old, residual, weight) @ self.D
        return y, grad, residual

    def layer(self, point, step, momentum=0):
        y, grad, residual = self.extrapolated(point, momentum)
        z_new = self.proximal_step(y, grad, step, step * self.lmbd)
        return z_new, point[0], residual
