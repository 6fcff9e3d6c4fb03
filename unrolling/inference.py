"""Running a network on many samples: batches, threads, the safeguard."""
import copy

import torch

from unrolling.parallel import one_torch_thread, share_out, slices

BATCH_BYTES = 2**20
"""Target size of a batch's output: a few such arrays fit in a core's cache,
and a layer on them takes long enough for threads to overlap."""


def run(network, x, batch_size=None):
    """The network's output for each sample, safeguarded if it is `guarded`.

    Parameters
    ----------
    network : UnrolledNetwork
    x : Tensor, shape (n_samples, ...)
    batch_size : int or None
        Samples at a time; they share nothing. By default all on a GPU; on the
        CPU, where torch's threads take a batch each, so many that all have
        one, of at most BATCH_BYTES of outputs.

    Returns
    -------
    Tensor, shape (n_samples, ...)
    """
    z = no_outputs(network, x)
    z = z.new_empty(len(x), *z.shape[1:])
    on_cpu = z.device.type == "cpu"
    if batch_size is None:
        batch_size = len(x) if not on_cpu else min(
            -(-len(x) // torch.get_num_threads()),
            BATCH_BYTES // (z.element_size() * z.shape[1:].numel()))
    batches = slices(len(x), max(1, batch_size))
    inference = torch.is_inference_mode_enabled()

    def work(batch):
        bound = copy.copy(network)  # each batch is bound to its own
        # these modes are a thread's own
        with torch.inference_mode(inference), torch.no_grad():
            z[batch] = (cheapest(bound, x[batch]) if network.guarded
                        else bound.forward(x[batch]))

    if on_cpu and len(batches) > 1:
        with one_torch_thread() as n_threads:
            share_out(work, batches, n_threads)
    else:
        share_out(work, batches, 1)
    return z


def no_outputs(network, x):
    """The network's output for none of the samples x, (0, ...)."""
    empty = copy.copy(network)
    empty.bind(x[:0])
    return output(empty.start())


def cheapest(network, x):
    """The cheapest iterate of each sample of a batch, (n_samples, ...)."""
    costs = []
    for z in map(output, network.points(x)):
        costs.append(network.cost(z))
    costs = torch.stack(costs)
    # NaN is worse; equal up to rounding is not
    rounding = 100 * torch.finfo(costs.dtype).eps
    worse = ~(costs[-1] <= costs.amin(dim=0) * (1 + rounding))
    if worse.any():  # rare: run these again, rather than keep all points
        depth = costs[:, worse].nan_to_num(torch.inf).argmin(dim=0)
        depth = depth.reshape(-1, *[1] * (z.ndim - 1))
        best = z[worse]
        for t, point in enumerate(network.points(x[worse])):
            best = torch.where(depth == t, output(point), best)
        z = z.clone()  # the start point may be the batch itself
        z[worse] = best
    return z


def output(point):
    """The output z of a point."""
    return point[0] if isinstance(point, tuple) else point
