"""A cache of trained weights: one safetensors file for each full key.

Files are written to a temporary name and renamed, so that a reader, a second
process or a killed one never sees half of one. The content carries its own
checksum: a damaged file is reported and trained again, never used.
"""
import contextlib
import hashlib
import json
import os
import tempfile
import time
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load
from safetensors.torch import save

ABANDONED_S = 600
"""Age in seconds from which a temporary file has no writer any more."""


class Weights(NamedTuple):
    """One entry of the cache."""

    layers: list
    """One dict of parameter tensors per layer."""
    info: dict
    """Numbers about the training, JSON."""


def digest(*parts):
    """SHA-256 over arrays (dtype, shape, content), tensors, str and JSON."""
    sha = hashlib.sha256()
    for part in parts:
        if isinstance(part, torch.Tensor):
            part = part.detach().cpu().numpy()
        if isinstance(part, np.ndarray):
            sha.update(f"{part.dtype}{part.shape}".encode())
            sha.update(np.ascontiguousarray(part).tobytes())
        else:
            sha.update(json.dumps(part, sort_keys=True).encode())
        sha.update(b"|")
    return sha.hexdigest()


def save_weights(folder, key, weights):
    """Write weights under a key (a hex digest), atomically.

    Where the folder cannot be written, warns with the reason: the weights in
    memory are as good, they are only not kept for the next run.
    """
    tensors = {
        # layers may share a tensor, which safetensors refuses
        f"{t}.{name}": value.detach().cpu().clone(
            memory_format=torch.contiguous_format)
        for t, parameters in enumerate(weights.layers)
        for name, value in parameters.items()
    }
    metadata = {
        "n_layers": str(len(weights.layers)),
        "names": json.dumps(list(tensors)),  # in order
        "info": json.dumps(weights.info),
    }
    metadata["sha256"] = checksum(metadata, tensors)
    content = save(tensors, metadata)
    temporary = None
    try:
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{key}.*.tmp"):  # by a killed process
            with contextlib.suppress(FileNotFoundError):  # renamed by now
                if time.time() - left.stat().st_mtime > ABANDONED_S:
                    left.unlink()
        handle, temporary = tempfile.mkstemp(
            dir=folder, prefix=f"{key}.", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)  # others who share the cache may read
        os.replace(temporary, folder / f"{key}.safetensors")
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        warnings.warn(
            f"expected a writable weights cache in {folder}, got {error}: the "
            "trained weights are used but not kept; free some space or change "
            "the folder's permissions to keep them",
            stacklevel=2,
        )


def checksum(metadata, tensors):
    """SHA-256 over all that a file says: names, tensors, numbers."""
    said = (metadata[name] for name in ("n_layers", "names", "info"))
    names = sorted(tensors)
    return digest(*said, names, *(tensors[name] for name in names))


def load_weights(folder, key):
    """The weights under a key, or None if there are none that are sound.

    A file that cannot be read or whose checksum is wrong is reported.
    """
    path = Path(folder) / f"{key}.safetensors"
    try:
        # one read: another process may replace the file at any time
        content = path.read_bytes()
        # copies, as torch aligns its own arrays: the last bit depends on it
        tensors = {name: torch.tensor(value)
                   for name, value in load(content).items()}
        length = int.from_bytes(content[:8], "little")
        metadata = json.loads(content[8:8 + length])["__metadata__"]
        if metadata["sha256"] != checksum(metadata, tensors):
            raise ValueError("a wrong checksum")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as e:
        warnings.warn(
            f"expected sound weights in {path}, got {e!r}: training again; "
            "the file will be replaced",
            stacklevel=2,
        )
        return None
    layers = [{} for _ in range(int(metadata["n_layers"]))]
    for name in json.loads(metadata["names"]):
        t, parameter = name.split(".", maxsplit=1)
        layers[int(t)][parameter] = tensors[name]
    return Weights(layers, json.loads(metadata["info"]))
