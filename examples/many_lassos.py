"""
Many Lassos at once
===================

Signals that share one dictionary D are coded together: the code z of a signal
x minimises F(z) = 1/2 ||x - Dz||^2 + lmbd ||z||_1. Samples are the rows of x,
atoms are the columns of D.

``python examples/many_lassos.py``
"""
# %%
# Random atoms of unit norm, and noisy signals that are sums of five of them.
# Above ``lmbd_max`` = ||D'x||_inf the code of a signal is zero, so a penalty
# is best expressed as a share of it, signal by signal.
import time

import numpy as np
from scipy.sparse import diags_array

from unrolling import duality_gap, lasso_cost, lasso_path, solve_lasso

rng = np.random.default_rng(0)
n_samples, n_dim, n_atoms, n_active = 2000, 64, 256, 5
D = rng.standard_normal((n_dim, n_atoms))
D /= np.linalg.norm(D, axis=0)
truth = np.zeros((n_samples, n_atoms))
for row in truth:
    active = rng.choice(n_atoms, n_active, replace=False)
    row[active] = rng.choice([-1, 1], n_active) * rng.uniform(1, 2, n_active)
x = truth @ D.T + 0.05 * rng.standard_normal((n_samples, n_dim))
lmbd_max = abs(x @ D).max(axis=1)

# %%
# One call solves all problems, in parallel. Each solution comes with its
# relative duality gap, which bounds (F(z) - F(z*)) / F(0) from above: it is a
# certificate, whatever the solver did. (numba compiles in the first call.)
solve_lasso(D, x[:10], 0.1 * lmbd_max[:10])
start = time.perf_counter()
z, gap = solve_lasso(D, x, 0.1 * lmbd_max)
seconds = time.perf_counter() - start
print(f"solve_lasso: {n_samples} problems of {n_dim} x {n_atoms} in "
      f"{seconds:.3f} s, largest gap {gap.max():.1e}, "
      f"{np.count_nonzero(z, axis=1).mean():.1f} nonzeros a code")

# %%
# The gap certifies any point, so also one from another solver. Here the
# solutions are rounded to three digits after the point.
rounded = z.round(3)
rounded_gap = duality_gap(rounded, D, x, 0.1 * lmbd_max)
rise = (lasso_cost(rounded, D, x, 0.1 * lmbd_max)
        - lasso_cost(z, D, x, 0.1 * lmbd_max)) / (0.5 * (x**2).sum(axis=1))
print(f"rounded to 3 digits: F rises by up to {rise.max():.1e} F(0), the gap "
      f"promises at most {rounded_gap.max():.1e}")

# %%
# A path solves the problems for several penalties, each from the solution
# before it. With the truth at hand, it shows the penalty that finds it best.
regs = np.geomspace(0.8, 0.02, 10)
path = lasso_path(D, x, regs)
found = ((path.z != 0) & (truth != 0)).sum(axis=2) / n_active
wrong = ((path.z != 0) & (truth == 0)).sum(axis=2)
print("\nlmbd / lmbd_max   true atoms found   other atoms")
for reg, share, others in zip(
        regs, found.mean(axis=1), wrong.mean(axis=1), strict=True):
    print(f"{reg:15.3f} {share:18.0%} {others:13.1f}")

# %%
# D may be sparse. Here atom j is a pulse that starts at time j, and a signal
# is a noisy train of pulses. Only the nonzeros of D are stored and computed
# with, and working sets of atoms replace the Gram matrix where it does not fit
# into ``memory``.
n_times, width = 2000, 30
pulse = np.exp(-np.arange(width) / 8)
pulses = diags_array(
    pulse[:, None] / np.linalg.norm(pulse), offsets=-np.arange(width),
    shape=(n_times, n_times - width + 1), format="csc")
spikes = rng.random((20, pulses.shape[1])) < 0.003
trains = spikes @ pulses.T + 0.02 * rng.standard_normal((20, n_times))
start = time.perf_counter()
times, times_gap = solve_lasso(pulses, trains, 0.2, tol=1e-8)
print(f"\nsparse D, {pulses.shape[0]} x {pulses.shape[1]}, "
      f"{pulses.nnz / np.prod(pulses.shape):.1%} nonzero: {len(trains)} "
      f"signals in {time.perf_counter() - start:.2f} s, largest gap "
      f"{times_gap.max():.1e}\n{(times[spikes] != 0).mean():.0%} of the "
      f"pulses found, {np.count_nonzero(times[~spikes])} wrong ones among "
      f"{np.sum(~spikes)} times")
