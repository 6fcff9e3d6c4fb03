"""The two stages of training: L-BFGS on scalars, then Adam on all."""
import numpy as np
import torch
from scipy.optimize import minimize

from unrolling.parallel import mapped, slices

CHUNK = 250
"""Samples per pass of a full-batch loss: what is live of a layer then fits in
the cache. Threads take a chunk each, and the sum over the chunks is exact."""

WORTH_SHARING = 25_000
"""Entries of a chunk's output from which on threads share the chunks; below,
what they wait for Python's lock costs more than they gain."""

TOO_FAR = 1e300
"""Stands for a loss that is not finite in the line search."""


class TrainingError(RuntimeError):
    """Training diverged: nothing is returned."""


def fit_scalars(network, first, samples, max_iter, n_threads, bar):
    """L-BFGS on the scalars of the layers from `first` on, in place.

    The earlier layers are frozen: their output is computed once. The shared
    scalars move if no layer is frozen.
    """
    trained = network.named_parameters()
    frozen = {"shared" if first else "", *map(str, range(first))}
    keys = [key for key, value in trained.items()
            if value.ndim == 0 and key.split(".")[0] not in frozen]
    if not keys or not max_iter:
        return
    chunks = chunks_after(
        network.with_layers(network.layers[:first]), samples)

    def moved_to(variables):
        return network.with_parameters(trained | {
            key: network.decode(key, v).to(network.dtype)
            for key, v in zip(keys, variables, strict=True)})

    def loss_and_gradient(point):
        def of_chunk(chunk):
            variables = torch.tensor(point, requires_grad=True)
            trial, (before, (x, *target)) = moved_to(variables), chunk
            z = trial.forward(x, before, first)
            loss = trial.loss(z, *target).sum() / len(samples[0])
            loss.backward()
            return loss.item(), variables.grad.numpy()

        losses, gradients = zip(
            *mapped(of_chunk, chunks, n_threads), strict=True)
        total, gradient = sum(losses), sum(gradients)
        bar.update()
        bar.set_postfix(loss=f"{total:.6e}")
        # a step too far: the line search shall come back from it
        if not (np.isfinite(total) and np.isfinite(gradient).all()):
            return TOO_FAR, np.zeros(len(point))
        return total, gradient

    start = [network.encode(key, trained[key]).item() for key in keys]
    result = minimize(
        loss_and_gradient, start, jac=True, method="L-BFGS-B",
        bounds=[(v - 20, v + 20) for v in start],  # far from an overflow
        options={"maxiter": max_iter, "ftol": 1e-15, "gtol": 1e-15},
    )
    check_finite([result.fun if result.fun < TOO_FAR else np.inf], network)
    adopt(network, moved_to(torch.tensor(result.x)))


def threads_for(z, n_threads):
    """How many of n_threads gain by sharing chunks, of outputs as z, (0, ...):
    all or one."""
    shared = (z.device.type == "cpu"
              and CHUNK * z.shape[1:].numel() >= WORTH_SHARING)
    return n_threads if shared else 1


@torch.no_grad()
def chunks_after(network, samples):
    """The samples by chunks: the network's last point on each, the chunk."""
    chunks = [rows(samples, part) for part in parts_of(samples)]
    return [(network.last_point(chunk[0]), chunk) for chunk in chunks]


def parts_of(samples):
    """Slices of the samples, for one pass each."""
    return slices(len(samples[0]), CHUNK)


def adopt(network, other):
    """Give a network the layers and shared parameters of another one."""
    network.layers, network.shared = other.layers, other.shared


class Offsets:
    """The offsets of a network's variables from the untrained network's.

    Adam optimises them in float32; their decay pulls those of arrays to zero.
    """

    def __init__(self, network):
        self.network = network.to(dtype=torch.float32)
        untrained = self.network.with_layers([], {}).grow(
            len(network.layers)).named_parameters()
        trained = self.network.named_parameters()
        self.start = {key: self.network.encode(key, value)
                      for key, value in untrained.items()}
        self.offset = {
            key: (self.network.encode(key, value) - self.start[key]
                  ).requires_grad_() for key, value in trained.items()}

    def optimizer(self, learning_rate, decay, n_batches):
        """AdamW over the offsets, with steps in the unit of each array.

        An epoch of n_batches steps takes a share of about `decay` off the
        offsets of arrays; less where a schedule lowers the learning rate.
        """
        groups = []
        for key, value in self.network.named_parameters().items():
            scale = value.square().mean().sqrt() if value.ndim >= 2 else 1
            # a zero matrix has no unit: its steps are absolute
            lr = float(learning_rate * scale) or learning_rate
            # AdamW multiplies by 1 - lr * weight_decay
            groups.append({
                "params": self.offset[key], "lr": lr,
                "weight_decay": decay / n_batches / lr if value.ndim else 0})
        return torch.optim.AdamW(groups, fused=True)

    def applied(self, network):
        """A copy of a network, of any dtype, with the offsets applied."""
        return network.with_parameters({
            key: network.decode(key, (v + self.offset[key]).to(network.dtype))
            for key, v in self.start.items()})


def fit_all(network, samples, held_out, cycles, learning_rate, seed,
            *options):
    """Adam in float32 on all parameters, in place: `fit_cycle` with these
    options, again and again, at a third of the learning rate each time."""
    for cycle in range(cycles):
        fit_cycle(network, samples, held_out, learning_rate, seed + cycle,
                  *options)
        learning_rate /= 3


def fit_cycle(network, samples, held_out, learning_rate, seed, epochs,
              patience, batch_size, max_steps, decay, bar):
    """A rise and a fall of the learning rate; keep the best epoch."""
    generator = torch.Generator().manual_seed(seed)
    offsets = Offsets(network)
    data = tuple(v.float() for v in samples)
    n_samples = len(data[0])
    n_batches = -(-n_samples // batch_size)
    epochs = min(epochs, max(1, max_steps // n_batches))
    adam = offsets.optimizer(learning_rate, decay, n_batches)
    total = epochs * n_batches + 1
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        adam, [g["lr"] for g in adam.param_groups], total_steps=total,
        pct_start=0.1 if total > 10 else 0.0,  # at 10 it divides by zero
    )

    best, best_epoch = mean_loss(network, *held_out), -1
    for epoch in range(epochs):
        order = torch.randperm(n_samples, generator=generator)
        for batch in order.to(data[0].device).split(batch_size):
            single = offsets.applied(offsets.network)
            chunk = rows(data, batch)
            loss = single.loss(single.forward(chunk[0]), *chunk[1:]).mean()
            adam.zero_grad()
            loss.backward()
            adam.step()
            schedule.step()
        with torch.no_grad():
            candidate = offsets.applied(network)
        value = mean_loss(candidate, *held_out)
        bar.update()
        bar.set_postfix(validation_loss=f"{value:.6e}")
        if value < best:
            best, best_epoch = value, epoch
            adopt(network, candidate)
        elif epoch - best_epoch >= patience:
            break


def rows(samples, index):
    """The samples (x,) or (x, target) at an index or slice."""
    return tuple(v[index] for v in samples)


@torch.no_grad()
def mean_loss(network, x, target=None):
    """Mean loss of the network as it is used, safeguarded or not."""
    z = network(x)
    network.bind(x)
    return network.loss(z, target).mean().item()


def check_finite(losses, network):
    """Raise TrainingError unless every loss is finite."""
    if not np.isfinite(losses).all():
        raise TrainingError(
            f"{type(network).__name__} with {len(network.layers)} layers: "
            f"expected finite losses, got {losses}; nothing is kept. Check "
            "the data's scale, or train with a smaller learning_rate"
        )
