"""Supervised training as in arXiv:2307.16120, with validation and a cache.

Adam (learning rate 1e-3, betas 0.9 and 0.99) on minibatches, gradients clipped
to norm 1. The epoch with the least validation error is kept, among them the
zeroth, which is the untrained network.
"""
import copy

import numpy as np
import torch
from tqdm import trange

from benchmark_utils.image_quality import mean_squares
from unrolling.bench.trained import train_module
from unrolling.parallel import one_torch_thread
from unrolling.weights import digest

LEARNING_RATE, BETAS, CLIP = 1e-3, (0.9, 0.99), 1.0


def train(network, samples, validation, epochs, batch_size, seed):
    """Train a network in place.

    Parameters
    ----------
    network : Module, maps (y, start) to x, all ndarrays or Tensors of rows
    samples, validation : Samples
    epochs, batch_size : int
    seed : int, that of the minibatches

    Returns
    -------
    dict : `validation_errors`, the mean square error after each epoch, the
    zeroth included, as a list; `best_epoch`; `n_skipped`, the number of steps
    that were not taken, since their gradient was not finite
    """
    generator = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(network.parameters(), LEARNING_RATE, BETAS,
                            fused=True)
    errors, best = [mean_error(network, validation)], weights_of(network)
    skipped = 0
    with one_torch_thread(), trange(  # layers are too small to share
            epochs, desc=type(network).__name__, leave=False,
            disable=None) as bar:
        for _ in bar:
            order = torch.randperm(len(samples.y), generator=generator)
            for rows in order.split(batch_size):
                skipped += not step(network, adam, samples.rows(rows.numpy()))
            errors.append(mean_error(network, validation))
            bar.set_postfix(validation_error=f"{errors[-1]:.3e}")
            if errors[-1] == min(errors):
                best = weights_of(network)
    network.load_state_dict(best)
    return {"validation_errors": errors, "n_skipped": skipped,
            "best_epoch": errors.index(min(errors))}


def step(network, adam, samples):
    """One step of Adam, unless the gradient is not finite; whether it is.

    The iterates of an unrolled network may overflow on a sample: a single such
    gradient would spoil all parameters.
    """
    adam.zero_grad()
    network.loss(samples).backward()
    norm = torch.nn.utils.clip_grad_norm_(
        network.parameters(), CLIP, foreach=True)
    if norm.isfinite():
        adam.step()
    return bool(norm.isfinite())


def weights_of(network):
    """A copy of the network's parameters."""
    return copy.deepcopy(network.state_dict())


@torch.no_grad()
def mean_error(network, samples):
    """Mean square error of an entry of x, a float, as the objective has it."""
    with np.errstate(all="ignore"):
        x = network.solve(samples.y, samples.start)
    return float(mean_squares(x, samples.x).mean())


def cached_training(network, sources, settings, samples, validation, epochs,
                    batch_size, seed):
    """Load a network's weights, or train it and save them; in place.

    Parameters
    ----------
    sources : list of str
        What the trained weights depend on: the texts of the modules.
    settings : list of arrays, numbers and texts
        The operator and the network's sizes.
    network, samples, validation, epochs, batch_size, seed
        As for `train`.

    Returns
    -------
    dict, as `train`, with train_time_s
    """
    key = digest(*sources, *settings, *samples, *validation, *(
        network.state_dict().values()), [repr(network), epochs, batch_size,
                                         seed, torch.__version__])
    return train_module(key, network, lambda: train(
        network, samples, validation, epochs, batch_size, seed))
