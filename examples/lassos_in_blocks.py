"""
More Lassos than fit in memory
==============================

A dask array holds signals as a recipe, block by block. Each block is coded by
one call of ``solve_lasso`` and written as a sparse table before the next one
is made, so that memory is bounded by the blocks at hand, one a worker, however
many signals there are. It needs ``pip install ".[dask]"``.

``python examples/lassos_in_blocks.py 10000000``; the peak memory of 10^6
problems, which take a minute, is 464 MiB, that of 2 x 10^4 is 448 MiB.
"""
# %%
# The signals of a block are made, or read from a file, when they are needed.
# On a cluster, ``dask.distributed.Client(address)`` is all that is added; then
# the folder must be one that all machines see.
import resource
import sys
import tempfile
import time
from pathlib import Path

import dask
import dask.array as da
import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from unrolling import duality_gap, solve_lasso

n_samples = next((int(a) for a in sys.argv[1:] if a.isdigit()), 20_000)
n_dim, n_atoms, n_block, reg = 64, 256, 5_000, 0.3
D = np.random.default_rng(0).standard_normal((n_dim, n_atoms))
D /= np.linalg.norm(D, axis=0)
x = da.random.default_rng(1).standard_normal(
    (n_samples, n_dim), chunks=(n_block, n_dim))


# %%
# Codes are sparse: a table of (sample, atom, value) is what is worth keeping,
# in a few bytes an entry. A block that was written is not computed again, so a
# run that was killed goes on where it stopped.
def code(x, k, folder):
    """Codes of block k, on disk: number of nonzeros, largest gap, seconds."""
    started, file = time.perf_counter(), folder / f"codes_{k:05}.parquet"
    if file.exists():
        return 0, 0.0, 0.0
    z, gap = solve_lasso(D, x, reg * abs(x @ D).max(axis=1))
    entries = coo_array(z)
    row, atom = entries.coords
    unfinished = file.with_suffix(".tmp")
    pd.DataFrame({
        "sample": row + k * n_block, "atom": atom.astype("int32"),
        "value": entries.data}).to_parquet(unfinished)
    unfinished.rename(file)
    return entries.nnz, gap.max(), time.perf_counter() - started


# %%
# One task a block; two are worked on at once.
def code_all(folder):
    """One row a block, see `code`."""
    blocks = x.to_delayed().ravel()
    tasks = [dask.delayed(code)(block, k, folder)
             for k, block in enumerate(blocks)]
    return np.array(dask.compute(*tasks, scheduler="threads", num_workers=2))


with tempfile.TemporaryDirectory() as folder:
    started = time.perf_counter()
    done = code_all(Path(folder))
    seconds = time.perf_counter() - started
    again = code_all(Path(folder))
    files = sorted(Path(folder).iterdir())
    written = sum(file.stat().st_size for file in files)
    last = pd.read_parquet(files[-1])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{n_samples} problems in {len(files)} blocks: {seconds:.1f} s, largest "
      f"gap {done[:, 1].max():.1e}")
print(f"{done[:, 0].sum() / n_samples:.1f} nonzeros a code, "
      f"{written / 2**20:.1f} MiB on disk; {n_samples * n_atoms / 2**17:.0f} "
      "MiB if dense")
print(f"peak memory of the process: {peak:.0f} MiB")
print(f"a second run computes {(again[:, 0] > 0).sum()} blocks")

# %%
# What was written is certified like any other point.
rows = x[-n_block:].compute()
z = np.zeros((len(rows), n_atoms))
z[last["sample"] - (n_samples - len(rows)), last["atom"]] = last["value"]
gap = duality_gap(z, D, rows, reg * abs(rows @ D).max(axis=1))
print(f"the last block, read back: largest gap {gap.max():.1e}")
