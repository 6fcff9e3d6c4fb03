"""Trained weights as safetensors files, and a cache of them by full keys.

Files are written to a temporary name and renamed, so that a reader, a second
process or a killed one never sees half of one. The content carries its own
checksum: a damaged file is reported, never used.
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

from unrolling.fingerprint import class_files

ABANDONED_S = 600
"""Age in seconds from which a temporary file has no writer any more."""


class Weights(NamedTuple):
    """What a file of weights holds."""

    layers: list
    """One dict of parameter tensors per layer."""
    info: dict
    """Texts and numbers about the training, JSON."""
    shared: dict = {}
    """Parameter tensors that all layers share."""
    problem: dict = {}
    """Tensors of the problem that the network was trained for."""


def digest(*parts):
    """SHA-256 over arrays (dtype, shape, content), tensors, str and JSON.

    A module (`torch.nn.Module`) counts by its sources, its printed structure
    and its state.
    """
    sha = hashlib.sha256()
    for part in parts:
        if isinstance(part, torch.Tensor):
            part = part.detach().cpu().numpy()
        if isinstance(part, torch.nn.Module):
            state = part.state_dict()
            part = digest(repr(part), [*state], *state.values(), *(
                file.read_text("utf-8") for file in class_files(type(part))))
        if isinstance(part, np.ndarray):
            sha.update(f"{part.dtype}{part.shape}".encode())
            sha.update(np.ascontiguousarray(part).tobytes())
        else:
            sha.update(json.dumps(part, sort_keys=True).encode())
        sha.update(b"|")
    return sha.hexdigest()


def to_bytes(weights):
    """Weights as the content of a safetensors file."""
    groups = {**dict(enumerate(weights.layers)), "shared": weights.shared,
              "problem": weights.problem}
    tensors = {
        # layers may share a tensor, which safetensors refuses
        f"{group}.{name}": value.detach().cpu().clone(
            memory_format=torch.contiguous_format)
        for group, parameters in groups.items()
        for name, value in parameters.items()
    }
    metadata = {
        "n_layers": str(len(weights.layers)),
        "names": json.dumps(list(tensors)),  # in order
        "info": json.dumps(weights.info),
    }
    metadata["sha256"] = checksum(metadata, tensors)
    return save(tensors, metadata)


def from_bytes(content, path):
    """The Weights in the content of a file; ValueError if it is damaged.

    path is named in the message.
    """
    try:
        # copies, as torch aligns its own arrays: the last bit depends on it
        tensors = {name: torch.tensor(value)
                   for name, value in load(content).items()}
        length = int.from_bytes(content[:8], "little")
        metadata = json.loads(content[8:8 + length])["__metadata__"]
        if metadata["sha256"] != checksum(metadata, tensors):
            raise ValueError("a wrong checksum")
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"expected sound weights in {path}, got {error!r}") from error
    n_layers = int(metadata["n_layers"])
    groups = {str(t): {} for t in range(n_layers)} | {
        "shared": {}, "problem": {}}
    for name in json.loads(metadata["names"]):
        group, parameter = name.split(".", maxsplit=1)
        groups[group][parameter] = tensors[name]
    *layers, shared, problem = groups.values()
    return Weights(layers, json.loads(metadata["info"]), shared, problem)


def checksum(metadata, tensors):
    """SHA-256 over all that a file says: names, tensors, numbers."""
    said = (metadata[name] for name in ("n_layers", "names", "info"))
    names = sorted(tensors)
    return digest(*said, names, *(tensors[name] for name in names))


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
        os.chmod(temporary, 0o644)  # others who share the cache may read
        os.replace(temporary, path)
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise


def save_weights(folder, key, weights):
    """Write weights under a key (a hex digest), atomically.

    Where the folder cannot be written, warns with the reason: the weights in
    memory are as good, they are only not kept for the next run.
    """
    try:
        write_whole(Path(folder) / f"{key}.safetensors", to_bytes(weights))
    except OSError as error:
        warnings.warn(
            f"expected a writable weights cache in {folder}, got {error}: the "
            "trained weights are used but not kept; free some space or change "
            "the folder's permissions to keep them",
            stacklevel=2,
        )


def load_weights(folder, key):
    """The weights under a key, or None if there are none that are sound.

    A file that cannot be read or whose checksum is wrong is reported.
    """
    path = Path(folder) / f"{key}.safetensors"
    try:
        # one read: another process may replace the file at any time
        return from_bytes(path.read_bytes(), path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        warnings.warn(
            f"{error}: training again; the file will be replaced",
            stacklevel=2,
        )
        return None
