"""
A layer of one's own
====================

A network is a class with two short methods: the parameters of a layer, and
its equation. Training, inference on many samples, the safeguard, saving and
loading are the library's.

``python examples/own_layer.py``
"""
# %%
# ISTA's step is 1 / L for all atoms, L = ||D||_2^2, so a few long or crowded
# atoms shorten the steps of all. Here each atom has a factor of its own. A
# solution z* of the Lasso stays where it is whatever the steps are, because
# the step of an atom and its threshold share them.
import numpy as np

from unrolling import (
    LassoNetwork,
    StepLISTA,
    check_network,
    lasso_cost,
    soft_threshold,
    solve_lasso,
)


class DiagonalLISTA(LassoNetwork):
    """z <- ST(z - a_t s_t * D'(Dz - x), a_t lmbd s_t), s_t a factor per atom.

    Learned are the step a_t and the vector s_t of each layer t.
    """

    def init_layer(self, t):
        """Untrained, the layer is a step of ISTA."""
        return {"step": 1 / self.L, "factors": np.ones(self.D.shape[1])}

    def layer(self, z, step, factors):
        steps = step * factors
        return soft_threshold(z - steps * self.grad(z), steps * self.lmbd)


# %%
# The atoms have norms between 0.3 and 1, and the samples one scale,
# ||D'x||_inf = 1.
rng = np.random.default_rng(0)
n_dim, n_atoms, lmbd, n_layers = 16, 32, 0.2, 5
D = rng.standard_normal((n_dim, n_atoms))
D *= np.geomspace(0.3, 1, n_atoms) / np.linalg.norm(D, axis=0)
x = rng.standard_normal((1500, n_dim))
x /= abs(x @ D).max(axis=1, keepdims=True)
x_train, x_test = x[:500], x[500:]

# %%
# A new layer is checked first: its derivatives against finite differences,
# that samples do not depend on each other, that it changes nothing in place. A
# few atoms are enough for that.
check_network(DiagonalLISTA(D[:, :6], lmbd), x_train[:2])
print("check_network found no fault")

# %%
# Scalars, here the steps, are trained first, then vectors and matrices with
# them. A tenth of the samples validates and trains nothing, so that what
# overfits is not kept (see `unrolling.training.fit`).
network = DiagonalLISTA(D, lmbd).fit(x_train, n_layers)

# %%
# It is compared on new samples with ISTA, which it is before training, and
# with Step-LISTA, which has one learned step a layer.
F_star = lasso_cost(
    solve_lasso(D, x_test, lmbd, tol=1e-12).z, D, x_test, lmbd)
F_zero = 0.5 * (x_test**2).sum(axis=1)


def suboptimality(network):
    """The mean of (F(z) - F*) / F(0) over the test samples."""
    cost = lasso_cost(network(x_test), D, x_test, lmbd)
    return ((cost - F_star) / F_zero).mean()


results = {
    "ISTA": suboptimality(DiagonalLISTA(D, lmbd).grow(n_layers)),
    "Step-LISTA": suboptimality(StepLISTA(D, lmbd).fit(x_train, n_layers)),
    "Diagonal-LISTA": suboptimality(network),
}
print(f"\nafter {n_layers} layers   mean suboptimality")
for name, value in results.items():
    print(f"{name:16} {value:19.1e}")

# %%
# What it learned: short atoms have longer steps.
factors = np.mean(
    [layer["factors"].numpy() for layer in network.layers], axis=0)
short, long = np.split(factors, 2)
print(f"\nmean factor: {short.mean():.2f} for the short half of the atoms, "
      f"{long.mean():.2f} for the long half")
