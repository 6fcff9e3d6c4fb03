"""Checks that every network must pass, for the authors of new layers."""
import torch


def check_network(network, x, n_layers=2):
    """Check the derivatives, the batch and the copies of a network.

    In float64, on an untrained network of n_layers:

    - each layer's Jacobian products agree with finite differences, in the
      point, in its parameters' free variables and in the shared ones
      (`torch.autograd.gradcheck`);
    - no layer changes its point, its parameters, the batch or another Tensor
      that is an attribute of the network;
    - the output of a sample does not depend on the other samples.

    Parameters
    ----------
    network : UnrolledNetwork
        Its layers are not used.
    x : ndarray or Tensor, shape (n_samples, ...)
        A few samples of a small problem; at generic points, since a kink
        (of soft-thresholding, say) has no derivative.
    n_layers : int

    Raises
    ------
    AssertionError, or torch's GradcheckError, with what differs.
    """
    network = network.to(dtype=torch.float64)
    x = network.as_batch(x)
    network = network.with_layers([], {}).grow(n_layers)
    generator = torch.Generator().manual_seed(0)
    for parameters in network.layers:
        check_derivatives(network, parameters, x, generator)
    check_arrays_stay(network, x)
    whole = network.forward(x)
    alone = torch.cat([network.forward(row[None]) for row in x])
    # sums over the entries of a sample, layer after layer, in another order
    scale = whole.abs().max().item() + x.abs().max().item()
    torch.testing.assert_close(
        alone, whole, rtol=0, atol=1e-10 * max(scale, 1.0))


def check_derivatives(network, parameters, x, generator):
    """gradcheck of one layer at a random point."""
    values = network.shared | parameters
    free = [network.encode(name, value).clone().requires_grad_()
            for name, value in values.items()]
    network.bind(x)
    start = as_tuple(network.start())
    point = [torch.randn(part.shape, dtype=torch.float64,
                         generator=generator).to(part.device)
             .requires_grad_() for part in tensors(start)]

    def layer(*variables):
        network.bind(x)
        rest = iter(variables)
        parts = tuple(next(rest) if isinstance(part, torch.Tensor)
                      else part for part in start)
        after = network.layer(
            parts if len(parts) > 1 else parts[0],
            **{name: network.decode(name, variable)
               for name, variable in zip(values, rest, strict=True)})
        return tuple(tensors(as_tuple(after)))

    assert torch.autograd.gradcheck(layer, (*point, *free))


@torch.no_grad()
def check_arrays_stay(network, x):
    """Layers write neither to their point nor to what copies share."""
    arrays = tensors(
        [x, *network.named_parameters().values(), *vars(network).values()])
    copies = [array.clone() for array in arrays]
    for point in network.points(x):
        arrays += tensors(as_tuple(point))
        copies += [part.clone() for part in tensors(as_tuple(point))]
    for array, copy in zip(arrays, copies, strict=True):
        assert torch.equal(array, copy), (
            "a layer changed its point, the batch, a parameter or another "
            "Tensor of the network in place")


def tensors(values):
    """Those of the values that are Tensors, a list."""
    return [v for v in values if isinstance(v, torch.Tensor)]


def as_tuple(point):
    """A point as a tuple of its parts."""
    return point if isinstance(point, tuple) else (point,)
