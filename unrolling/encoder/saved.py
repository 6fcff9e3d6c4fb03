"""Fitted encoders as safetensors files."""
from numbers import Integral
from pathlib import Path

import numpy as np

from unrolling.files import from_bytes, to_bytes, write_whole


def save_encoder(encoder, path):
    """Write a fitted encoder to a file; OSError where it cannot be."""
    coder = encoder.coder_
    parameters = encoder.get_params() | coder.settings
    learned = parameters.pop("dictionary") is None
    if not isinstance(encoder.random_state, Integral | None):
        parameters["random_state"] = None
    about = {
        "class": type(encoder).__name__,
        "parameters": parameters,
        "learned": learned,
        "duality_gap": encoder.duality_gap_,
        "names": getattr(encoder, "feature_names_in_", np.empty(0)).tolist(),
    }
    arrays = {"components": encoder.components_, **coder.parameters}
    write_whole(path, to_bytes(arrays, about))


def load_encoder(cls, path):
    """The encoder of that class that `save_encoder` wrote.

    FileNotFoundError; ValueError where the file is damaged or another's.
    """
    name = cls.__name__
    content = Path(path).read_bytes()
    try:
        arrays, about = from_bytes(content, path, f"a sound {name}")
    except ValueError as error:
        raise ValueError(
            f"{error}: copy the file anew, or save the encoder again"
        ) from error
    if about.get("class") != name:
        raise ValueError(
            f"expected a {name} in {path}, got a "
            f"{about.get('class', 'file of weights')}: load it with the class "
            "that saved it")
    atoms = arrays.pop("components")
    encoder = cls(None if about["learned"] else atoms, **about["parameters"])
    coder = encoder._coder(atoms)
    coder.parameters = arrays
    encoder._set(coder)
    encoder.duality_gap_ = about["duality_gap"]
    encoder.n_features_in_ = atoms.shape[1]
    if about["names"]:
        encoder.feature_names_in_ = np.array(about["names"], object)
    return encoder
