"""
A trained network against ISTA and SpaRSA
=========================================

A network that unrolls ISTA does a fixed number of its steps, and learns how
long each is. It is trained on samples like those that it will see, and pays
where many of them must be solved in few steps. Its rivals need no training:
ISTA, whose step is the same everywhere, and SpaRSA, which finds its steps as
it goes.

``python examples/train_a_network.py [figure.svg]``
"""
# %%
# The problems: min_z F(z) = 1/2 ||x - Dz||^2 + lmbd ||z||_1. Networks learn
# best where all samples have one scale, so each x is divided by its
# ||D'x||_inf, above which the penalty makes the code zero.
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from unrolling import StepLISTA, lasso_cost, soft_threshold, solve_lasso
from unrolling.linear import lipschitz

rng = np.random.default_rng(0)
n_dim, n_atoms, lmbd, n_steps = 32, 64, 0.3, 10
D = rng.standard_normal((n_dim, n_atoms))
D /= np.linalg.norm(D, axis=0)
x = rng.standard_normal((1500, n_dim))
x /= abs(x @ D).max(axis=1, keepdims=True)
x_train, x_test = x[:500], x[500:]

# %%
# ISTA is the untrained network; here it is in three lines.


def ista(D, x, lmbd, n_steps):
    """The iterates z (n_samples, n_atoms) of ISTA from zero, a list."""
    iterates, step = [np.zeros((len(x), D.shape[1]))], 1 / lipschitz(D)
    for _ in range(n_steps):
        grad = (iterates[-1] @ D.T - x) @ D
        iterates.append(
            soft_threshold(iterates[-1] - step * grad, step * lmbd))
    return iterates


# %%
# SpaRSA takes the step of Barzilai and Borwein, the inverse of the curvature
# along the last move, for each sample its own. Such a step may be too long. It
# is halved until the cost is low enough, compared with the last few, or until
# it is 1 / L, which is short enough for descent.


def sparsa(D, x, lmbd, n_steps, memory=5, sigma=0.01):
    """The iterates of SpaRSA from zero.

    S. Wright, R. Nowak and M. Figueiredo, Sparse reconstruction by separable
    approximation, IEEE Trans. Signal Process. 57(7), 2009,
    doi:10.1109/TSP.2009.2016892.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float
    n_steps : int
    memory : int
        A step may raise the cost, but not above the last `memory` costs.
    sigma : float in (0, 1)
        Share of the decrease alpha / 2 ||z_new - z||^2 that is asked for.

    Returns
    -------
    iterates : list of ndarray, shape (n_samples, n_atoms)
        The start and the point after each step.
    n_trials : ndarray, shape (n_samples,)
        Steps that each sample tried.
    """
    L = lipschitz(D)
    z, alpha = np.zeros((len(x), D.shape[1])), np.full((len(x), 1), L)
    iterates, costs = [z], [lasso_cost(z, D, x, lmbd)]
    n_trials = np.zeros(len(x), int)
    for _ in range(n_steps):
        grad = (z @ D.T - x) @ D
        trying = np.ones(len(x), bool)
        while trying.any():
            n_trials += trying
            z_new = soft_threshold(z - grad / alpha, lmbd / alpha)
            move = z_new - z
            length = (move**2).sum(axis=1)
            cost = lasso_cost(z_new, D, x, lmbd)
            bound = (np.max(costs[-memory:], axis=0)
                     - sigma / 2 * alpha[:, 0] * length)
            trying = (cost > bound) & (alpha[:, 0] < L)
            alpha[trying] = np.minimum(2 * alpha[trying], L)
        z = z_new
        iterates.append(z)
        costs.append(cost)
        curvature = np.divide(((move @ D.T)**2).sum(axis=1), length,
                              out=np.full(len(x), L), where=length > 0)
        alpha = curvature.clip(1e-3 * L, L)[:, None]
    return iterates, n_trials


# %%
# Training sees no solutions: it lowers the mean cost of the training samples,
# first layer by layer, then of all layers together.
start = time.perf_counter()
network = StepLISTA(D, lmbd).fit(x_train, n_layers=n_steps)
print(f"training took {time.perf_counter() - start:.1f} s on "
      f"{len(x_train)} samples")
steps = [layer["step"].item() * network.L for layer in network.layers]
print("learned steps, times L:", " ".join(f"{step:.1f}" for step in steps))

# %%
# All are compared on new samples, by the suboptimality F(z) - F(z*) over F(0).
# The exact solver gives z*.
F_star = lasso_cost(
    solve_lasso(D, x_test, lmbd, tol=1e-12).z, D, x_test, lmbd)
F_zero = 0.5 * (x_test**2).sum(axis=1)


def suboptimality(z):
    """(F(z) - F*) / F(0) of each test sample, (n_samples,)."""
    return (lasso_cost(z, D, x_test, lmbd) - F_star) / F_zero


sparsa_iterates, n_trials = sparsa(D, x_test, lmbd, 3 * n_steps)
curves = {
    "ISTA": list(map(suboptimality, ista(D, x_test, lmbd, 3 * n_steps))),
    "SpaRSA": list(map(suboptimality, sparsa_iterates)),
}
reached = {name: curve[n_steps] for name, curve in curves.items()} | {
    "Step-LISTA": suboptimality(network(x_test))}
print(f"\nafter {n_steps} steps   mean suboptimality   worst sample")
for name, values in reached.items():
    print(f"{name:15} {values.mean():20.1e} {values.max():14.1e}")

# %%
# How many steps do the rivals need for what the network reaches in the mean? A
# trial of SpaRSA, accepted or not, costs as much as a step of ISTA.
for name, curve in curves.items():
    enough = [n for n, values in enumerate(curve)
              if values.mean() <= reached["Step-LISTA"].mean()]
    print(f"{name} is as good after "
          f"{enough[0] if enough else f'more than {3 * n_steps}'} steps")
print(f"SpaRSA tried {n_trials.mean() / (3 * n_steps):.2f} steps for each "
      "that it took")

# %%
# A network is saved without pickle, together with its problem.
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "step_lista.safetensors"
    network.save(path)
    loaded = StepLISTA.load(path)
difference = abs(loaded(x_test) - network(x_test)).max()
print(f"\nthe loaded network's largest difference: {difference:.1e}")

# %%
# Where a path is given, the figure is written to it.
if len(sys.argv) > 1:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3.5), layout="constrained")
    axes = figure.subplots()
    for name, curve in curves.items():
        axes.semilogy([values.mean() for values in curve], label=name)
    axes.semilogy(n_steps, reached["Step-LISTA"].mean(), "o",
                  label="Step-LISTA")
    axes.set(xlabel="steps or layers", ylabel="mean of (F - F*) / F(0)")
    axes.legend()
    figure.savefig(sys.argv[1])
    print(f"figure: {sys.argv[1]}")
