"""What is trained for the running benchmark, kept in benchopt's cache folder.

It stays under `benchopt run --no-cache`, as its keys are complete.
"""
import time

from unrolling.bench.cache import cache_folder
from unrolling.weights import Weights, load_weights, save_weights


def weights_folder():
    """The folder of the trained weights."""
    return cache_folder() / "weights"


def cached(key, train):
    """Load weights, or train and save them.

    Parameters
    ----------
    key : str, the digest of all that they depend on
    train : function without arguments, returns Weights

    Returns
    -------
    Weights
    """
    weights = load_weights(weights_folder(), key)
    if weights is None:
        weights = train()
        save_weights(weights_folder(), key, weights)
    return weights


def train_module(key, module, train):
    """Give a module its trained state, which is loaded, or trained and saved.

    Parameters
    ----------
    key : str, see `cached`
    module : torch.nn.Module, changed in place
    train : function without arguments
        It trains the module, and returns a dict of what it says of that.

    Returns
    -------
    dict, what the training said of itself, and its seconds as train_time_s
    """
    def trained():
        started = time.perf_counter()
        info = train()
        info["train_time_s"] = time.perf_counter() - started
        return Weights([], info, dict(module.state_dict()))

    weights = cached(key, trained)
    module.load_state_dict(weights.shared)
    return weights.info
