"""Training of unrolled networks, for any of the suite's problems.

A network is trained in two stages.

1. The scalars (step sizes), in logarithm, by L-BFGS on the whole training
   set: they are few and badly scaled, from 1/L to hundreds of times it. Layer
   by layer, each new one is first fitted alone behind the frozen shallower
   network; then all are fitted together.
2. Where there are any, the matrices together with the scalars, by Adam on
   minibatches in float32, in cycles. The epoch with the least validation loss
   is kept, among them the zeroth: matrices that only overfit are not
   returned. The next cycle starts from it, at a third of the learning rate.

As published, networks are trained by gradient descent on all parameters
instead, see `unrolling.descent`.
"""
import math
import time
from typing import NamedTuple

import torch
from tqdm import tqdm

from unrolling.descent import descend
from unrolling.device import real_tensor
from unrolling.inference import no_outputs, output
from unrolling.options import (
    COUNT,
    COUNT_OR_ZERO,
    POSITIVE,
    PROPER_SHARE,
    SHARE,
    check_options,
)
from unrolling.parallel import one_blas_thread, one_torch_thread
from unrolling.stages import (
    TrainingError,
    check_finite,
    fit_all,
    fit_scalars,
    mean_loss,
    rows,
    threads_for,
)

__all__ = ["Training", "TrainingError", "fit"]


class Training(NamedTuple):
    """What a training cost and what it reached."""

    time_s: float
    train_loss: float
    validation_loss: float
    """NaN where all samples train."""


@torch.inference_mode(mode=False)
@torch.enable_grad()
def fit(network, n_layers, x, target=None, *, guarded=None, descent_steps=0,
        layerwise=True, max_iter=30, epochs=40, patience=10, batch_size=100,
        max_steps=800, learning_rate=0.03, cycles=4, decay=0.0,
        validation=0.1, seed=0):
    """Deepen a network to n_layers and train all its layers, in place.

    The loss is the mean of `network.loss(z, target)`: unsupervised, the cost
    of the output, unless targets are given.

    Parameters
    ----------
    network : UnrolledNetwork
        Its present layers are the warm start.
    n_layers : int, at least 1 and the number of present layers
    x : ndarray or Tensor, shape (n_samples, ...)
    target : ndarray or Tensor, shape of the network's output, or None
    guarded : bool or None
        Whether the network is safeguarded, from now on. None leaves that as
        it is without targets, and switches it off with them: true codes cost
        more than the cheapest iterate. True suits targets that are minimisers
        of the cost.
    descent_steps : int
        If positive, the network is trained as published, on all samples: by
        so many steps of gradient descent, at most. The options below do not
        apply then.
    layerwise : bool
        Fit each new layer alone first; else start from untrained layers.
    max_iter : int
        L-BFGS iterations on all scalars together; 0 skips these, but not the
        fit of each new layer alone.
    epochs, patience, batch_size, max_steps, learning_rate, cycles
        Adam's passes over the data in a cycle, at most (0 leaves the arrays as
        they are); passes without a better validation loss before the cycle
        ends; samples per step; steps in a cycle, at most, but for those of
        the first pass; step of each entry relative to its array's root mean
        square, in the first cycle; cycles.
    decay : float in [0, 1]
        Weight decay per epoch towards the untrained network at the peak of
        the learning rate's schedule; before and after, in proportion to the
        rate.
    validation : float in (0, 1)
        Share of the samples that chooses the epoch and trains nothing: one at
        least, and not all.
    seed : int
        Seed of the validation split and of the minibatches.

    Returns
    -------
    Training
        Seconds, and the final mean losses of the network as it will be used.

    Raises
    ------
    ValueError
        Samples, targets or n_layers that do not fit the network; options out
        of their range.
    TrainingError
        A loss is not finite. The network stays as it was.
    """
    started = time.perf_counter()
    check_options(COUNT_OR_ZERO, descent_steps=descent_steps,
                  max_iter=max_iter, epochs=epochs, patience=patience)
    check_options(COUNT, n_layers=n_layers, batch_size=batch_size,
                  max_steps=max_steps, cycles=cycles)
    check_options(POSITIVE, learning_rate=learning_rate)
    check_options(SHARE, decay=decay)
    check_options(PROPER_SHARE, validation=validation)
    before = network.layers, network.shared, network.guarded
    if guarded is None:
        guarded = network.guarded and target is None
    network.guarded = guarded
    bar = tqdm(desc=f"{type(network).__name__}, {n_layers} layers",
               unit=" passes", leave=False, disable=None)
    try:
        # idle OpenMP threads spin, at a tenfold cost where another process
        # wants a core: an operator has one thread, and chunks share them all
        with bar, one_blas_thread, one_torch_thread() as n_threads:
            samples = check_samples(network, n_layers, x, target)
            n_threads = threads_for(no_outputs(network, samples[0]), n_threads)
            if descent_steps:
                network.grow(n_layers)
                descend(network, samples, descent_steps, n_threads, bar)
                losses = [mean_loss(network, *samples), math.nan]
                check_finite(losses[:1], network)
            else:
                samples, held_out = (rows(samples, part) for part in split(
                    len(samples[0]), validation, seed, samples[0].device))
                grow_trained(network, n_layers, samples, layerwise, max_iter,
                             n_threads, bar)
                if epochs and has_arrays(network):
                    fit_all(network, samples, held_out, cycles, learning_rate,
                            seed, epochs, patience, batch_size, max_steps,
                            decay, bar)
                losses = [mean_loss(network, *s) for s in (samples, held_out)]
                check_finite(losses, network)
    except BaseException:
        network.layers, network.shared, network.guarded = before
        raise
    finally:
        network.bind(None)  # the samples are not the network's to keep
    return Training(time.perf_counter() - started, *losses)


def grow_trained(network, n_layers, samples, layerwise, max_iter, n_threads,
                 bar):
    """Deepen the network layer by layer, each fitted alone if layerwise; then
    fit the scalars of all."""
    for depth in range(len(network.layers) + 1, n_layers + 1):
        network.grow(depth)
        if layerwise:
            fit_scalars(network, depth - 1, samples, 8, n_threads, bar)
    fit_scalars(network, 0, samples, max_iter, n_threads, bar)


def check_samples(network, n_layers, x, target):
    """The samples (x,) or (x, target) as Tensors; ValueError if they do not
    fit the network, or n_layers does not."""
    depth = len(network.layers)
    if n_layers < depth:
        raise ValueError(
            f"n_layers must be {depth} at least, the layers that the network "
            f"has already, got n_layers={n_layers}: train a new network"
        )
    x = network.as_batch(x)
    if target is None:
        return (x,)
    target = real_tensor("target", target).to(x)
    network.bind(x)
    expected = output(network.start()).shape
    if target.shape != expected or not torch.isfinite(target).all():
        raise ValueError(
            f"target must be finite and of the output's shape "
            f"{tuple(expected)}, got shape {tuple(target.shape)} with "
            f"{(~torch.isfinite(target)).sum()} NaN or infinite entries"
        )
    return x, target


def has_arrays(network):
    """Whether the network has parameters that are no scalars."""
    return any(v.ndim for v in network.named_parameters().values())


def split(n_samples, validation, seed, device="cpu"):
    """Row numbers that train, and those, a random share, that validate.

    At least one each. ValueError for fewer than 2 samples.
    """
    if n_samples < 2:
        raise ValueError(
            "x must hold at least 2 samples, one of them for validation, "
            f"got {n_samples}: generate more training data"
        )
    order = torch.randperm(
        n_samples, generator=torch.Generator().manual_seed(seed)).to(device)
    n_validation = min(max(1, round(validation * n_samples)), n_samples - 1)
    return order[n_validation:], order[:n_validation]
