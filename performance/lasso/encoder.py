"""SparseEncoder against scikit-learn's SparseCoder on patches of digits.

python performance/lasso/encoder.py [--repeats 5]

10^4 patches of 6 x 6 pixels are coded over 128 atoms that were learned from
others. SparseCoder has no tolerance: lasso_cd stops at 1e-8 of scikit-learn's
own criterion, lasso_lars at the solution. So SparseEncoder's tolerance is
halved, before the clock starts, until its largest relative duality gap is not
above that of its peer (or below 1e-12, which is rounding). A turn sets a new
coder up, fits it and codes all patches, as in batch.py. Peers run on one core
and on all; the least of each over the turns counts.
"""
import argparse
import warnings
from functools import partial

import numpy as np
from batch import turn
from joblib import cpu_count
from sklearn.datasets import load_digits
from sklearn.decomposition import SparseCoder
from sklearn.feature_extraction.image import extract_patches_2d

from unrolling.data.images import normalise
from unrolling.encoder import SparseEncoder
from unrolling.lasso import duality_gap

BAR = 8
N_SAMPLES, N_ATOMS = 10_000, 128
REGS = 0.1, 0.3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    atoms, x = make_problems()
    for reg in REGS:
        print(f"\n{len(x)} patches, n_features={x.shape[1]}, "
              f"n_components={len(atoms)}, reg={reg}, {cpu_count()} cores")
        print(f"  {'':28} {'seconds':>9}  largest gap")
        for algorithm in "lasso_cd", "lasso_lars":
            compare(algorithm, (atoms, x, reg), repeats)


def make_problems():
    """Learned atoms as rows, and patches with max |x @ atoms.T| = 1."""
    rng = np.random.default_rng(0)
    patches = normalise(np.concatenate([
        extract_patches_2d(image, (6, 6)).reshape(-1, 36)
        for image in load_digits().images]))
    patches = patches[rng.permutation(len(patches))]
    x, others = np.split(patches, [N_SAMPLES])
    atoms = SparseEncoder(
        n_components=N_ATOMS, random_state=0).fit(others).components_
    return atoms, x / abs(x @ atoms.T).max(axis=1, keepdims=True)


def encode(tol, atoms, x, reg):
    """Codes by SparseEncoder, set-up included."""
    return SparseEncoder(atoms, reg=reg, tol=tol).fit_transform(x)


def peer(algorithm, n_jobs, tol, atoms, x, reg):
    """Codes by SparseCoder, set-up included; it has no tolerance."""
    return SparseCoder(
        atoms, transform_algorithm=algorithm, transform_alpha=reg,
        transform_max_iter=100_000, n_jobs=n_jobs).fit_transform(x)


def compare(algorithm, problem, repeats):
    """Print a line for SparseEncoder and each peer, and the ratio."""
    peers = {f"{algorithm}, n_jobs={n}": partial(peer, algorithm, n)
             for n in {1, cpu_count()}}
    gap = min(largest_gap(solve, 0, problem) for solve in peers.values())
    tol = 1e-6
    while largest_gap(encode, tol, problem) > max(gap, 1e-12):
        tol /= 2
    seconds = dict.fromkeys(["SparseEncoder", *peers], np.inf)
    for _ in range(repeats):
        for name, solve in {"SparseEncoder": encode, **peers}.items():
            seconds[name] = min(
                seconds[name], np.mean(turn(solve, tol, problem)))
    for name, solve in {"SparseEncoder": encode, **peers}.items():
        print(f"  {name:28} {seconds[name]:9.4f}  "
              f"{largest_gap(solve, tol, problem):.1e}")
    ratio = min(map(seconds.get, peers)) / seconds["SparseEncoder"]
    print(f"  {ratio:.1f} times faster than {algorithm}: bar {BAR}"
          + (" met" if ratio >= BAR else " NOT MET"), flush=True)


def largest_gap(solve, tol, problem):
    """The largest relative duality gap of a method's codes."""
    atoms, x, reg = problem
    with warnings.catch_warnings(action="ignore"):
        return duality_gap(solve(tol, *problem), atoms.T, x, reg).max()


if __name__ == "__main__":
    main()
