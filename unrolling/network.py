"""Unrolled networks: the layers of an algorithm, each with its parameters."""
import copy

import torch


class UnrolledNetwork:
    """T layers of an iterative algorithm, one dict of parameters per layer.

    A network class has two short methods:

    - `init_layer(t)` returns the parameters of layer t, a dict of floats and
      arrays with which the layer is one step of the classical algorithm;
    - `layer(z, **parameters)` is the layer's equation.

    Its base class for a family of problems (`LassoNetwork`, ...) knows the
    problem: `start()` is the point before the first layer, `cost(z)` the cost
    of each sample, and the batch is `self.x`.
    """

    positive = ("step", "threshold")
    """Names of the parameters that stay positive: trained in logarithm."""

    variable = "z"
    """Name of the output among the results that the objective evaluates."""

    unrolls = None
    """The solver whose iterations the untrained layers are, as benchopt names
    it ("ISTA", "FISTA[restart=False]"), or None."""

    guarded = True
    """Whether calls fall back on cheaper points. Not for a network trained to
    estimate true codes, which cost more than a minimiser of the cost."""

    def __init__(self):
        self.layers = []
        self.device = "cpu"
        self.x = None
        self.memo = None, None

    def init_layer(self, t):
        """Parameters of layer t = 0, 1, ... of the untrained network."""
        raise NotImplementedError(f"{type(self).__name__}.init_layer")

    def layer(self, z, **parameters):
        """The point after one layer, from the point z before it."""
        raise NotImplementedError(f"{type(self).__name__}.layer")

    def grow(self, n_layers):
        """Append untrained layers until there are n_layers."""
        new = [
            {name: torch.as_tensor(value, dtype=torch.float64).clone()
             for name, value in self.init_layer(t).items()}
            for t in range(len(self.layers), n_layers)
        ]
        self.layers = self.layers + self.with_layers(new).layers
        return self

    def to(self, **device_or_dtype):
        """A copy whose tensors are converted as by `Tensor.to`."""
        new = copy.copy(self)
        new.bind(None)
        new.device = device_or_dtype.get("device", self.device)
        for name, value in vars(self).items():
            if isinstance(value, torch.Tensor):
                setattr(new, name, value.to(**device_or_dtype))
        return new.with_layers([
            {name: value.to(dtype=device_or_dtype.get("dtype"))
             for name, value in p.items()}
            for p in self.layers
        ])

    def with_layers(self, layers):
        """A copy with other layers, on the network's device.

        Scalars stay on the CPU, where reading one does not wait for a GPU.
        """
        new = copy.copy(self)
        new.bind(None)
        new.layers = [
            {name: value if value.ndim == 0 else value.to(self.device)
             for name, value in p.items()}
            for p in layers
        ]
        return new

    def layer_metrics(self, x):
        """Measures of each layer on a batch: name -> one number per layer."""
        return {}

    @property
    def n_parameters(self):
        """Number of learned scalars."""
        return sum(v.numel() for p in self.layers for v in p.values())

    def bind(self, x):
        """Make x (n_samples, ...) the batch that the layers see."""
        self.x = x
        self.memo = None, None

    def iterates(self, x, z=None, first=0):
        """Yield the points z_0, z_1, ..., differentiable.

        With z and first, start at the point z before layer `first`.
        """
        self.bind(x)
        z = self.start() if z is None else z
        yield z
        for parameters in self.layers[first:]:
            z = self.layer(z, **parameters)
            yield z

    def forward(self, x, z=None, first=0):
        """The last of `iterates`: what training differentiates."""
        for z_next in self.iterates(x, z, first):
            z = z_next
        return z

    @torch.no_grad()
    def __call__(self, x, batch_size=None):
        """Run the network, guarded: each sample gets its best iterate.

        Learned steps may blow up on a rare input, far from those trained on.
        So a sample whose last point costs more than an earlier one gets the
        earlier one, and its cost is never above the start's. The layers
        compute the residuals of their points anyway: the guard adds the
        residual of the last one (for networks whose layers do not use the
        residual: one product per layer).

        Parameters
        ----------
        x : Tensor, shape (n_samples, ...)
        batch_size : int or None
            Samples at a time; they share nothing. By default 256 on the CPU,
            whose cache they then fit, and all on a GPU.

        Returns
        -------
        Tensor, shape (n_samples, ...)
        """
        if batch_size is None:
            batch_size = 256 if self.device == "cpu" else max(1, len(x))
        run = self._cheapest if self.guarded else self.forward
        return torch.cat([run(batch) for batch in x.split(batch_size)])

    def _cheapest(self, x):
        points = self.iterates(x)
        best = next(points)
        least = self.cost(best)
        for z in points:
            cost = self.cost(z)
            # NaN is worse; equal up to rounding is not
            worse = ~(cost <= least * (1 + 1e-12))
            if worse.any():
                z = torch.where(worse[:, None], best, z)
                cost = torch.where(worse, least, cost)
            best, least = z, cost
        return best
