"""Files of named arrays: safetensors, written whole or not at all.

Files are written to a temporary name and renamed, so that a reader, a second
process or a killed one never sees half of one. The content carries its own
checksum: a damaged file is reported, never used.
"""
import contextlib
import glob
import hashlib
import json
import os
import secrets
import time
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

ABANDONED_S = 600
"""Age in seconds from which a temporary file has no writer any more."""


def to_bytes(arrays, about):
    """The content of a safetensors file.

    Parameters
    ----------
    arrays : dict of str to ndarray
    about : JSON, may hold scalars of numpy
        What the arrays are.

    Returns
    -------
    bytes
    """
    arrays = {name: np.asarray(a, order="C") for name, a in arrays.items()}
    about = json.dumps(about, default=np.generic.item)
    metadata = {"about": about, "sha256": checksum(arrays, about)}
    return save(arrays, metadata)


def from_bytes(content, path, expected):
    """The arrays and what they are about, as `to_bytes` got them.

    Parameters
    ----------
    content : bytes
    path, expected : str or Path, str
        Where they are from and what they should be, for the message.

    Raises
    ------
    ValueError
        The content is damaged, or another program wrote it.
    """
    try:
        arrays = load(content)
        length = int.from_bytes(content[:8], "little")
        metadata = json.loads(content[8:8 + length])["__metadata__"]
        about = metadata["about"]
        if metadata["sha256"] != checksum(arrays, about):
            raise ValueError("a wrong checksum")
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"expected {expected} in {path}, got {error!r}") from error
    return arrays, json.loads(about)


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

    Temporary files that a killed process left for this path are removed. The
    file may be read by whom the process's umask lets read.

    Parameters
    ----------
    path : str or Path; its folder is created where needed, and a link is
        followed
    content : bytes

    Raises
    ------
    OSError
        The file cannot be written. One that was there stays as it was, and
        no temporary one is left.
    """
    path, temporary = Path(path).resolve(), None
    prefix = f".{path.name[:100]}.unrolling-"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f"{glob.escape(prefix)}*.tmp"):
            with contextlib.suppress(FileNotFoundError):  # renamed by now
                if time.time() - left.stat().st_mtime > ABANDONED_S:
                    left.unlink()
        name = path.with_name(f"{prefix}{secrets.token_hex(8)}.tmp")
        handle = os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        temporary = name
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise
