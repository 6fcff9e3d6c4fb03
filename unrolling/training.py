"""Training of unrolled networks, for any of the suite's problems.

A network is trained in two stages.

1. The scalars (step sizes), in logarithm, by L-BFGS on the whole training
   set: they are few and badly scaled, from 1/L to hundreds of times it. Layer
   by layer, each new one is first fitted alone behind the frozen shallower
   network; then all are fitted together.
2. Where there are any, the matrices together with the scalars, by Adam on
   minibatches in float32, with a decay towards the untrained matrices. The
   epoch with the least validation loss is kept, among them the zeroth:
   matrices that only overfit are not returned.
"""
import time
from typing import NamedTuple

import numpy as np
import torch
from scipy.optimize import minimize
from tqdm import tqdm

from unrolling.parallel import one_torch_thread

CHUNK = 250
"""Samples per pass of a full-batch loss: what is live of a layer then fits in
the cache; the sum over the chunks is exact."""

TOO_FAR = 1e300
"""Stands for a loss that is not finite in the line search."""


class TrainingError(RuntimeError):
    """Training diverged: nothing is returned."""


class Training(NamedTuple):
    """What a training cost and what it reached."""

    time_s: float
    train_loss: float
    validation_loss: float


def fit(network, n_layers, x, target=None, *, layerwise=True, max_iter=30,
        epochs=15, patience=3, batch_size=100, learning_rate=1e-3,
        decay=0.5, validation=0.1, seed=0):
    """Deepen a network to n_layers and train all its layers, in place.

    The loss is unsupervised, the mean cost F_x of the output, unless targets
    are given: then 1/2 ||z - target||^2 (supervised where the targets are the
    true codes, semi-supervised where they are minimisers of F_x).

    Parameters
    ----------
    network : UnrolledNetwork
        Its present layers are the warm start.
    n_layers : int
    x : Tensor, shape (n_samples, ...), float64
    target : Tensor, shape of the network's output, or None
    layerwise : bool
        Fit each new layer alone first; else start from untrained layers.
    max_iter : int
        L-BFGS iterations on all scalars together.
    epochs, patience, batch_size, learning_rate
        Adam passes over the data, at most; passes without a better
        validation loss before it stops; samples per step; step of each entry
        relative to its matrix's root mean square.
    decay : float
        Share by which a pass draws arrays back to the untrained network.
        Matrices that diverge on rare samples are so kept from it.
    validation : float in (0, 1)
        Share of the samples that chooses the epoch and trains nothing.
    seed : int
        Of the validation split and of the minibatches.

    Returns
    -------
    Training
        Seconds, and the final mean losses of the guarded network.

    Raises
    ------
    TrainingError
        A loss is not finite.
    """
    started = time.perf_counter()
    train_rows, held_out_rows = split(len(x), validation, seed)
    samples = (x,) if target is None else (x, target)
    held_out = rows(samples, held_out_rows.to(x.device))
    samples = rows(samples, train_rows.to(x.device))

    bar = tqdm(desc=f"{type(network).__name__}, {n_layers} layers",
               unit=" passes", leave=False, disable=None)
    # a chunk is too small to gain from more threads, and loses tenfold where
    # another process wants a core: the barriers of OpenMP spin
    with bar, one_torch_thread():
        for depth in range(len(network.layers) + 1, n_layers + 1):
            network.grow(depth)
            if layerwise:
                fit_scalars(network, depth - 1, samples, max_iter=8, bar=bar)
        fit_scalars(network, 0, samples, max_iter, bar)
        if any(v.ndim for p in network.layers for v in p.values()):
            fit_all(network, samples, held_out, epochs, patience, batch_size,
                    learning_rate, decay, seed, bar)
    losses = [guarded_loss(network, *s) for s in (samples, held_out)]
    check_finite(losses, network)
    return Training(time.perf_counter() - started, *losses)


def split(n_samples, validation, seed):
    """Row numbers that train, and those, a random share, that validate.

    ValueError for fewer than 2 samples.
    """
    if n_samples < 2:
        raise ValueError(
            "x must hold at least 2 samples, one of them for validation, "
            f"got {n_samples}: generate more training data"
        )
    order = torch.randperm(
        n_samples, generator=torch.Generator().manual_seed(seed))
    n_validation = max(1, round(validation * n_samples))
    return order[n_validation:], order[:n_validation]


def rows(samples, index):
    """The samples (x,) or (x, target) at an index or slice."""
    return tuple(v[index] for v in samples)


def loss_at(network, z, x, target=None):
    """The loss of each sample's output z, shape (n_samples,)."""
    if target is None:
        return network.cost(z)
    return 0.5 * ((z - target) ** 2).flatten(start_dim=1).sum(dim=1)


@torch.no_grad()
def guarded_loss(network, x, target=None):
    """Mean loss of the guarded network, as it will be used."""
    z = network(x)
    network.bind(x)
    return loss_at(network, z, x, target).mean().item()


def check_finite(losses, network):
    """Raise TrainingError unless every loss is finite."""
    if not np.isfinite(losses).all():
        raise TrainingError(
            f"{type(network).__name__} with {len(network.layers)} layers: "
            f"expected finite losses, got {losses}; nothing is kept. Check "
            "the data's scale, or train with a smaller learning_rate"
        )


def fit_scalars(network, first, samples, max_iter, bar):
    """L-BFGS on the scalars of the layers from `first` on, in place.

    The earlier layers are frozen: their output is computed once.
    """
    keys = [(t, name) for t in range(first, len(network.layers))
            for name, value in network.layers[t].items() if value.ndim == 0]
    if not keys:
        return
    n_samples = len(samples[0])
    trained = network.layers
    network.layers = trained[:first]
    with torch.no_grad():
        chunks = [
            (network.last_point(chunk[0]), chunk)
            for chunk in (rows(samples, slice(i, i + CHUNK))
                          for i in range(0, n_samples, CHUNK))
        ]
    network.layers = [dict(p) for p in trained]

    def set_scalars(variables):
        for (t, name), v in zip(keys, variables, strict=True):
            network.layers[t][name] = network.decode(name, v)

    def loss_and_gradient(point):
        total, gradient = 0.0, np.zeros(len(point))
        for before, chunk in chunks:
            variables = torch.tensor(point, requires_grad=True)
            set_scalars(variables)
            z = network.forward(chunk[0], before, first)
            loss = loss_at(network, z, *chunk).sum() / n_samples
            loss.backward()
            total += loss.item()
            gradient += variables.grad.numpy()
        bar.update()
        bar.set_postfix(loss=f"{total:.6e}")
        # a step too far: the line search shall come back from it
        if not (np.isfinite(total) and np.isfinite(gradient).all()):
            return TOO_FAR, np.zeros(len(point))
        return total, gradient

    start = [network.encode(name, trained[t][name]).item()
             for t, name in keys]
    result = minimize(
        loss_and_gradient, start, jac=True, method="L-BFGS-B",
        bounds=[(v - 20, v + 20) for v in start],  # far from an overflow
        options={"maxiter": max_iter, "ftol": 1e-15, "gtol": 1e-15},
    )
    check_finite([result.fun if result.fun < TOO_FAR else np.inf], network)
    set_scalars(torch.tensor(result.x))


def fit_all(network, samples, held_out, epochs, patience, batch_size,
            learning_rate, decay, seed, bar):
    """Adam in float32 on all parameters; keep the best epoch, in place.

    What it moves are the differences to the untrained network's variables,
    and those of arrays decay.
    """
    generator = torch.Generator().manual_seed(seed)
    single = network.to(dtype=torch.float32)
    untrained = single.with_layers([]).grow(len(single.layers)).to(
        dtype=torch.float32)
    data = tuple(v.float() for v in samples)
    n_samples = len(data[0])
    n_batches = -(-n_samples // batch_size)
    start, moves, groups = [], [], []
    for before, parameters in zip(
            untrained.layers, single.layers, strict=True):
        start.append({k: single.encode(k, v) for k, v in before.items()})
        moves.append({})
        for name, value in parameters.items():
            scale = value.square().mean().sqrt() if value.ndim == 2 else 1
            lr = float(learning_rate * scale)
            move = single.encode(name, value) - start[-1][name]
            moves[-1][name] = move.requires_grad_()
            # AdamW multiplies by 1 - lr * weight_decay
            groups.append({
                "params": move, "lr": lr,
                "weight_decay": decay / n_batches / lr if value.ndim else 0})
    adam = torch.optim.AdamW(groups)
    total = epochs * n_batches + 1
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        adam, [g["lr"] for g in groups], total_steps=total,
        pct_start=0.1 if total > 10 else 0.0,  # at 10 it divides by zero
    )

    best, best_epoch = guarded_loss(network, *held_out), -1
    for epoch in range(epochs):
        order = torch.randperm(n_samples, generator=generator)
        for batch in order.to(data[0].device).split(batch_size):
            single.layers = moved(single, start, moves)
            chunk = rows(data, batch)
            z = single.forward(chunk[0])
            loss = loss_at(single, z, *chunk).mean()
            adam.zero_grad()
            loss.backward()
            adam.step()
            schedule.step()
        with torch.no_grad():
            candidate = network.with_layers(
                moved(network, start, moves, torch.float64))
        value = guarded_loss(candidate, *held_out)
        bar.update()
        bar.set_postfix(validation_loss=f"{value:.6e}")
        if value < best:
            best, best_epoch, network.layers = value, epoch, candidate.layers
        elif epoch - best_epoch >= patience:
            break


def moved(network, start, moves, dtype=torch.float32):
    """The layers at `start + moves`, their variables, decoded in a dtype."""
    return [
        {name: network.decode(name, (v + move[name]).to(dtype))
         for name, v in p.items()}
        for p, move in zip(start, moves, strict=True)
    ]
