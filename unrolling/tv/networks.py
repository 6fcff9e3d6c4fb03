"""The networks for TV regression that the library offers.

t counts the layers from 0, and samples are rows: A'(Au - x) is `grad(u)`.
Untrained, each is proximal gradient descent in the signal (analysis) with the
exact prox; `network.fit(x, n_layers)` trains it.
"""
from unrolling.tv.network import TVNetwork


class StepLPGD(TVNetwork):
    """u <- prox_tv(u - a_t A'(Au - x), a_t lmbd), with one learned step a_t.

    What Step-LISTA is for the Lasso (P. Ablin et al., Learning step sizes for
    unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071).
    """

    def init_layer(self, t):
        return {"step": 1 / self.L}

    def layer(self, u, step):
        return self.prox(u - step * self.grad(u), step * self.lmbd)


class LPGD(TVNetwork):
    """u <- prox_tv(u - a_t (W_u u - W_x x), a_t b_t), all with learned values.

    The same maps as prox_tv(V u + U x, c): V = I - a W_u, U = a W_x, c = a b,
    with the step as a scalar of its own. LPGD-Taut of H. Cherkaoui, J. Sulam
    and T. Moreau, Learning to solve TV regularised problems with unrolled
    algorithms, NeurIPS 2020, arXiv:2010.09545, learns V and U, and its c is
    lmbd / L.
    """

    def init_layer(self, t):
        return {"step": 1 / self.L, "W_u": self.A.T @ self.A, "W_x": self.A,
                "threshold": self.lmbd}

    def layer(self, u, step, W_u, W_x, threshold):
        grad = u @ W_u - self.x @ W_x
        return self.prox(u - step * grad, step * threshold)


class CoupledLPGD(TVNetwork):
    """u <- prox_tv(u - a_t W_t'(Au - x), a_t b_t), with learned a_t, W_t, b_t.

    One matrix of the size of A a layer, where LPGD has one of the size of A'A,
    too. What coupled LISTA is for the Lasso (X. Chen et al., Theoretical
    linear convergence of unfolded ISTA and its practical weights and
    thresholds, NeurIPS 2018, arXiv:1808.10038).
    """

    def init_layer(self, t):
        return {"step": 1 / self.L, "W": self.A, "threshold": self.lmbd}

    def layer(self, u, step, W, threshold):
        return self.prox(
            u - step * (self.residual(u) @ W), step * threshold)
