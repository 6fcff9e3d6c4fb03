"""Fitted encoders as arrays and JSON, which a safetensors file holds."""
import numpy as np


def as_arrays(encoder):
    """A fitted encoder as arrays by name and a dict of JSON."""
    coder = encoder.coder_
    parameters = encoder.get_params() | coder.settings
    learned = parameters.pop("dictionary") is None
    if isinstance(encoder.random_state, np.random.RandomState):
        parameters["random_state"] = None
    about = {
        "class": type(encoder).__name__,
        "parameters": parameters,
        "learned": learned,
        "duality_gap": encoder.duality_gap_,
        "names": getattr(encoder, "feature_names_in_", np.empty(0)).tolist(),
    }
    return {"components": encoder.components_, **coder.parameters}, about


def from_arrays(cls, arrays, about, path):
    """The encoder of that class that `as_arrays` describes.

    ValueError, which names the path, where they describe something else.
    """
    if about.get("class") != cls.__name__:
        raise ValueError(
            f"expected a {cls.__name__} in {path}, got "
            f"{about.get('class')}: load it with the class that saved it")
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
