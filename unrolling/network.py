"""Unrolled networks: the layers of an algorithm, each with its parameters."""
import copy

import torch

from unrolling.parallel import one_torch_thread, share_out, slices
from unrolling.transforms import FREE, POSITIVE

BATCH_BYTES = 2**20
"""Of the outputs of a batch: a few such arrays fit the cache of a CPU core,
and its layers take long enough for threads to overlap."""


class UnrolledNetwork:
    """T layers of an iterative algorithm, one dict of parameters per layer.

    A network class has two short methods:

    - `init_layer(t)` returns the parameters of layer t, a dict of floats and
      arrays with which the layer is one step of the classical algorithm;
    - `layer(point, **parameters)` is the layer's equation.

    A point is the output z, or a tuple whose first entry is z, where the
    algorithm remembers more: momentum, dual variables, a count.

    Its base class for a family of problems (`LassoNetwork`, ...) knows the
    problem: `start()` is the point before the first layer, `cost(z)` the cost
    of each sample, and the batch is `self.x`.
    """

    transforms = {"step": POSITIVE, "threshold": POSITIVE}
    """Parameters with a constraint, by name, and how it is kept: training
    moves their free variables (see `unrolling.transforms`)."""

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

    def layer(self, point, **parameters):
        """The point after one layer, from the point before it."""
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
        """A copy with other layers, on the network's device, contiguous.

        Scalars stay on the CPU, where reading one does not wait for a GPU.
        One layout whatever made the arrays: the last bit depends on strides.
        """
        new = copy.copy(self)
        new.bind(None)
        new.layers = [
            {name: value if value.ndim == 0
             else value.to(self.device).contiguous()
             for name, value in p.items()}
            for p in layers
        ]
        return new

    def encode(self, name, value):
        """The free variable of a parameter."""
        return self.transforms.get(name, FREE).encode(value)

    def decode(self, name, variable):
        """The parameter of a free variable."""
        return self.transforms.get(name, FREE).decode(variable)

    def layer_metrics(self, x):
        """Measures of each layer on a batch: name -> one number per layer."""
        return {}

    @property
    def n_parameters(self):
        """Number of learned scalars, the free ones."""
        return sum(self.encode(name, value).numel()
                   for p in self.layers for name, value in p.items())

    def bind(self, x):
        """Make x (n_samples, ...) the batch that the layers see."""
        self.x = x
        self.memo = None, None

    def points(self, x, point=None, first=0):
        """Yield the point before each layer and the last, differentiable.

        With point and first, start at that point, before layer `first`.
        """
        self.bind(x)
        point = self.start() if point is None else point
        yield point
        for parameters in self.layers[first:]:
            point = self.layer(point, **parameters)
            yield point

    def last_point(self, x, point=None, first=0):
        """The last of `points`."""
        for after in self.points(x, point, first):
            point = after
        return point

    def forward(self, x, point=None, first=0):
        """The output z of the last point: what training differentiates."""
        return output(self.last_point(x, point, first))

    def __call__(self, x, batch_size=None):
        """Run the network, guarded: each sample gets its best iterate.

        Learned steps may blow up on a rare input, far from those trained on.
        So a sample whose last point costs more than an earlier one gets the
        cheapest one, and its cost is never above the start's. The layers
        compute the residuals of their points anyway: the guard adds the
        residual of the last one (for networks whose layers do not use the
        residual of z: one product per layer), and a second run of the samples
        that need it.

        Parameters
        ----------
        x : Tensor, shape (n_samples, ...)
        batch_size : int or None
            Samples at a time; they share nothing. By default all on a GPU; on
            the CPU, where torch's threads take a batch each, so many that
            all have one, of at most BATCH_BYTES of outputs.

        Returns
        -------
        Tensor, shape (n_samples, ...)
        """
        network = copy.copy(self)
        network.bind(x[:0])
        z = output(network.start())
        z = z.new_empty(len(x), *z.shape[1:])
        on_cpu = z.device.type == "cpu"
        if batch_size is None:
            batch_size = len(x) if not on_cpu else min(
                -(-len(x) // torch.get_num_threads()),
                BATCH_BYTES // (z.element_size() * z.shape[1:].numel()))
        batches = slices(len(x), max(1, batch_size))
        inference = torch.is_inference_mode_enabled()

        def run(batch):
            network = copy.copy(self)  # each batch is bound to its own
            # these modes are a thread's own
            with torch.inference_mode(inference), torch.no_grad():
                z[batch] = (network._cheapest if self.guarded
                            else network.forward)(x[batch])

        if on_cpu and len(batches) > 1:
            with one_torch_thread() as n_threads:
                share_out(run, batches, n_threads)
        else:
            share_out(run, batches, 1)
        return z

    def _cheapest(self, x):
        """The cheapest iterate of each sample of a batch."""
        costs = []
        for z in map(output, self.points(x)):
            costs.append(self.cost(z))
        costs = torch.stack(costs)
        # NaN is worse; equal up to rounding is not
        rounding = 100 * torch.finfo(costs.dtype).eps
        worse = ~(costs[-1] <= costs.amin(dim=0) * (1 + rounding))
        if worse.any():  # rare: run these again, rather than keep all points
            depth = costs[:, worse].nan_to_num(torch.inf).argmin(dim=0)
            best = z[worse]
            for t, point in enumerate(self.points(x[worse])):
                best = torch.where(depth[:, None] == t, output(point), best)
            z[worse] = best
        return z


def output(point):
    """The output z of a point."""
    return point[0] if isinstance(point, tuple) else point
