"""Files of named arrays: safetensors, written whole or not at all.

The content carries its own checksum, so a damaged file is reported.
"""
import contextlib
import hashlib
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

ABANDONED_S = 600
"""Age in seconds from which a temporary file has no writer any more."""


def save_arrays(path, arrays, about):
    """Write a safetensors file of arrays, and what they are.

    Parameters
    ----------
    path : str or Path
    arrays : dict of str to ndarray
    about : dict of JSON, or scalars of numpy

    Raises
    ------
    OSError
        The file cannot be written. A file of that name stays as it was.
    """
    arrays = {name: np.asarray(a, order="C") for name, a in arrays.items()}
    about = json.dumps(about, default=np.generic.item)
    metadata = {"about": about, "sha256": checksum(arrays, about)}
    write_whole(path, save(arrays, metadata))


def load_arrays(path):
    """The arrays and the dict that `save_arrays` wrote.

    Raises
    ------
    FileNotFoundError
    ValueError
        The file is damaged, or another program wrote it.
    """
    content = Path(path).read_bytes()
    try:
        arrays = load(content)
        length = int.from_bytes(content[:8], "little")
        metadata = json.loads(content[8:8 + length])["__metadata__"]
        if metadata["sha256"] != checksum(arrays, metadata["about"]):
            raise ValueError("a wrong checksum")
    except (SafetensorError, ValueError, KeyError) as error:
        raise ValueError(
            f"expected a sound file of unrolling in {path}, got {error!r}: "
            "copy the file anew, or save it again") from error
    return arrays, json.loads(metadata["about"])


def checksum(arrays, about):
    """SHA-256 over all that a file says: names, types, shapes, values."""
    sha = hashlib.sha256(about.encode())
    for name in sorted(arrays):
        array = arrays[name]
        sha.update(f"|{name}|{array.dtype}{array.shape}|".encode())
        sha.update(array.tobytes())
    return sha.hexdigest()


def write_whole(path, content):
    """Write a file under a temporary name, then rename it.

    Temporary files that a killed process left for this path are removed.
    OSError where the file cannot be written; nothing is left then.
    """
    path, temporary = Path(path), None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f"{path.stem}.*.tmp"):
            with contextlib.suppress(FileNotFoundError):  # renamed by now
                if time.time() - left.stat().st_mtime > ABANDONED_S:
                    left.unlink()
        handle, temporary = tempfile.mkstemp(
            dir=path.parent, prefix=f"{path.stem}.", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)  # others may read it
        os.replace(temporary, path)
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise
