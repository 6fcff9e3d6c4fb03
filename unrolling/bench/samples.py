"""What an evaluation says of every test sample: a small file beside the table.

A claim compares two solvers sample by sample. The table of results would grow
a thousandfold, so each evaluation's arrays are a file in benchopt's cache
folder, named after its content, and the table holds its path. These files are
written only where the environment variable UNROLLING_SAMPLES is set, as by
`python -m ci claims`.
"""
import io
import os

import numpy as np

from unrolling.bench.cache import cache_folder
from unrolling.files import write_whole
from unrolling.weights import digest

ASKED = "UNROLLING_SAMPLES"


def asked():
    """Whether evaluations shall write their samples."""
    return bool(os.environ.get(ASKED))


def written(**arrays):
    """Write arrays of one entry per test sample, if they are asked for.

    Parameters
    ----------
    **arrays : ndarray, shape (n_samples,)

    Returns
    -------
    dict, a metric: {"samples": path of the file}, or {} if nobody asked.
    """
    if not asked():
        return {}
    name = digest(sorted(arrays), *(arrays[key] for key in sorted(arrays)))
    path = cache_folder().resolve() / "samples" / f"{name[:24]}.npz"
    if not path.exists():
        content = io.BytesIO()
        np.savez(content, **arrays)
        write_whole(path, content.getvalue())
    return {"samples": str(path)}
