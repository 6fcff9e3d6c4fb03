"""Trained weights as safetensors files, and a cache of them by full keys."""
import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from unrolling import files
from unrolling.checks import warn
from unrolling.fingerprint import class_files


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
    arrays = {
        f"{group}.{name}": value.numpy(force=True)
        for group, parameters in groups.items()
        for name, value in parameters.items()
    }
    return files.to_bytes(arrays, {
        "n_layers": len(weights.layers),
        "names": list(arrays),  # in order
        "info": weights.info,
    })


def from_bytes(content, path):
    """The Weights in the content of a file; ValueError if it is damaged.

    path is named in the message.
    """
    arrays, about = files.from_bytes(content, path, "sound weights")
    if "n_layers" not in about:
        raise ValueError(
            f"expected the weights of a network in {path}, got those of "
            f"something else: load it with the class that saved it")
    groups = {str(t): {} for t in range(about["n_layers"])} | {
        "shared": {}, "problem": {}}
    for name in about["names"]:
        group, parameter = name.split(".", maxsplit=1)
        # a copy, as torch aligns its own arrays: the last bit depends on it
        groups[group][parameter] = torch.tensor(arrays[name])
    *layers, shared, problem = groups.values()
    return Weights(layers, about["info"], shared, problem)


def save_weights(folder, key, weights):
    """Write weights under a key (a hex digest), atomically.

    Where the folder cannot be written, warns with the reason: the weights in
    memory are as good, they are only not kept for the next run.
    """
    try:
        files.write_whole(
            Path(folder) / f"{key}.safetensors", to_bytes(weights))
    except OSError as error:
        warn(
            f"expected a writable weights cache in {folder}, got {error}: the "
            "trained weights are used but not kept; free some space or change "
            "the folder's permissions to keep them")


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
        warn(f"{error}: training again; the file will be replaced")
        return None
