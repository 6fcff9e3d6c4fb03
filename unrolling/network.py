"""Unrolled networks: the layers of an algorithm, each with its parameters."""
import torch

from unrolling.device import real_tensor
from unrolling.inference import output, run
from unrolling.options import COUNT, check_options
from unrolling.parallel import one_torch_thread
from unrolling.parameters import Parametrized
from unrolling.training import fit


class UnrolledNetwork(Parametrized):
    """T layers of an iterative algorithm, one dict of parameters per layer.

    A network class has two short methods:

    - `init_layer(t)` returns the parameters of layer t, a dict of floats and
      arrays with which the layer is one step of the classical algorithm;
    - `layer(point, **parameters)` is the layer's equation.

    Parameters that all layers share are those of `init_shared()`; each layer
    receives them, too. A point is the output z, of any shape (n_samples,
    ...), or a tuple whose first entry is z, where the algorithm remembers
    more: momentum, dual variables, a count.

    The base class for a family of problems (`LinearNetwork`, `LassoNetwork`,
    ...) knows the problem: `problem` holds the arguments of its constructor,
    `start()` is the point before the first layer, `cost(z)` the cost of each
    sample, `solve(x)` gives minimisers, and the batch is `self.x`.

    Batches run on several threads at once. Each thread has its own shallow
    copy of the network, bound to its batch: `layer` may set attributes, but
    must not change in place what the copies share (parameters, the problem's
    arrays), nor its point.
    """

    variable = "z"
    """Name of the output among the results that the objective evaluates."""

    unrolls = None
    """The solver whose iterations the untrained layers are, as benchopt names
    it ("ISTA", "FISTA[restart=False]"), or None."""

    def __init__(self):
        super().__init__()
        self.bind(None)

    def layer(self, point, **parameters):
        """The point after one layer, from the point before it."""
        raise NotImplementedError(f"{type(self).__name__}.layer")

    def start(self):
        """The point before the first layer, for the batch `self.x`."""
        raise NotImplementedError(f"{type(self).__name__}.start")

    def cost(self, z):
        """The cost of each sample of the batch that is bound, see `bind`,
        shape (n_samples,)."""
        raise NotImplementedError(f"{type(self).__name__}.cost")

    def solve(self, x, tol=1e-10):
        """Minimisers of the cost for each x, ndarray (n_samples, ...)."""
        raise NotImplementedError(
            f"{type(self).__name__}.solve: semi-supervised training needs "
            "minimisers, and this network's problem has no exact solver")

    def loss(self, z, target=None):
        """What training minimises, for each sample, shape (n_samples,).

        The cost where there is no target (unsupervised training), else
        1/2 ||z - target||^2: supervised training where the targets are the
        true codes, semi-supervised where they are minimisers of the cost.
        """
        if target is None:
            return self.cost(z)
        return 0.5 * ((z - target) ** 2).flatten(start_dim=1).sum(dim=1)

    def layer_metrics(self, x, at_solutions=False):
        """Measures of each layer on a batch: name -> one number per layer.

        With at_solutions, also those that need the minimisers of the cost.
        """
        return {}

    def check(self, x):
        """ValueError unless x is a batch of samples, a finite Tensor."""
        if x.ndim < 2:
            raise ValueError(
                "x must have shape (n_samples, ...), got "
                f"{tuple(x.shape)}: samples are rows, pass x[None] for one"
            )
        if torch.isfinite(x.sum()):  # one pass; a sum may overflow, though
            return
        finite = torch.isfinite(x).flatten(start_dim=1).all(dim=1)
        if not finite.all():
            rows = torch.nonzero(~finite)[:10, 0].tolist()
            raise ValueError(
                f"x must be finite, got NaN or infinity in rows {rows}: "
                "remove or impute these samples"
            )

    def as_batch(self, x):
        """x as a checked Tensor of the network's dtype on its device."""
        x = real_tensor("x", x, self.device)
        if x.device.type != torch.device(self.device).type:
            raise ValueError(
                f"x must be on the network's device, {self.device}, got "
                f"{x.device}: move one of them, as by network.to(device=...)"
            )
        x = x.to(self.dtype)
        # OpenMP's threads would spin where the batches' threads work next
        with one_torch_thread():
            self.check(x)
        return x

    def fit(self, x, n_layers=10, target=None, **options):
        """Deepen the network to n_layers and train it, in place.

        Parameters
        ----------
        x : ndarray or Tensor, shape (n_samples, ...)
            Training samples, at least 2; a few hundred are a good start.
        n_layers : int
        target, options
            As for `unrolling.training.fit`.

        Returns
        -------
        UnrolledNetwork, itself

        Raises
        ------
        ValueError
            Bad samples, targets or options.
        TrainingError
            A loss is not finite; the network stays as it was.
        """
        fit(self, n_layers, x, target, **options)
        return self

    def __getstate__(self):
        """What copies and pickles hold, a dict: all but the batch."""
        return vars(self) | {"x": None, "memo": (None, None)}

    def bind(self, x):
        """Make x, a Tensor (n_samples, ...) of the network's dtype, the batch
        that the layers and the cost see."""
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
            point = self.layer(point, **self.shared, **parameters)
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
        """Run the network, safeguarded unless `guarded` is False: each sample
        gets its best iterate.

        Learned steps may blow up on a rare input, far from those trained on.
        So a sample whose last iterate costs more than an earlier one gets the
        cheapest one, and its cost is never above the start's. The layers
        compute the residuals of their points anyway: the safeguard adds the
        residual of the last one (for networks whose layers do not use the
        residual of z: one product per layer), and a second run of the samples
        that need it.

        Parameters
        ----------
        x : ndarray or Tensor, shape (n_samples, ...)
            It is converted to the network's dtype.
        batch_size : int or None
            Samples at a time, see `unrolling.inference.run`.

        Returns
        -------
        ndarray or Tensor, as x, shape (n_samples, ...), of the network's
            dtype; a Tensor records no gradients, those of `forward` do.

        Raises
        ------
        ValueError
            A shape that does not fit, NaN or infinity, no real numbers,
            another device; a batch_size below 1.
        """
        if batch_size is not None:
            check_options(COUNT, batch_size=batch_size)
        z = run(self, self.as_batch(x), batch_size)
        return z if isinstance(x, torch.Tensor) else z.numpy(force=True)
