"""The parameters of a network's layers: growing, moving, saving them."""
import copy
from pathlib import Path

import torch

from unrolling import weights
from unrolling.device import to_numpy, unavailable
from unrolling.files import write_whole
from unrolling.perturbation import perturbed
from unrolling.transforms import FREE, POSITIVE


class Parametrized:
    """Layers with a dict of parameters each, and a dict that all share.

    A subclass has `init_layer(t)` and, where layers share any,
    `init_shared()`: dicts of floats and arrays by name. Its property
    `problem` holds the arguments of its constructor.
    """

    transforms = {"step": POSITIVE, "threshold": POSITIVE}
    """Parameters with a constraint, by name, and how it is kept: training
    moves their free variables (see `unrolling.transforms`)."""

    proportional = {"threshold": "lmbd"}
    """Parameter -> the argument of the problem that it is in proportion to:
    `with_problem` scales it as that."""

    perturbation = 0.0
    """Relative size (Frobenius) of the noise on each matrix of an untrained
    layer, see `perturbed`: 0 where the network starts from its algorithm."""

    guarded = True
    """Whether the network is safeguarded: a sample whose last iterate costs
    more than an earlier one gets the cheapest iterate. `fit` switches it off
    where there are targets, unless it is told otherwise."""

    def __init__(self):
        self.layers, self.shared = [], {}
        self.device, self.dtype = "cpu", torch.float64

    def init_layer(self, t):
        """Parameters of layer t = 0, 1, ... of the untrained network."""
        raise NotImplementedError(f"{type(self).__name__}.init_layer")

    def untrained_layer(self, t):
        """`init_layer`, with noise where there shall be; layer t has its own
        noise, whatever the network's depth."""
        parameters = self.init_layer(t)
        if self.perturbation:
            parameters = perturbed(
                self.as_parameters(parameters), self.perturbation,
                torch.Generator().manual_seed(t))
        return parameters

    def init_shared(self):
        """Parameters that all layers of the untrained network share."""
        return {}

    @property
    def problem(self):
        """The constructor's arguments, by name: Tensors and numbers."""
        raise NotImplementedError(f"{type(self).__name__}.problem")

    def copy(self):
        """A shallow copy: the arrays are those of the original."""
        return copy.copy(self)

    def grow(self, n_layers):
        """Append untrained layers until there are n_layers."""
        new = self.with_layers([
            self.as_parameters(self.untrained_layer(t))
            for t in range(len(self.layers), n_layers)
        ], self.shared or self.as_parameters(self.init_shared()))
        self.layers, self.shared = self.layers + new.layers, new.shared
        return self

    def as_parameters(self, values):
        """Floats and arrays by name as new Tensors of the network's dtype."""
        return {name: torch.as_tensor(value, dtype=self.dtype).clone()
                for name, value in values.items()}

    def to(self, device=None, dtype=None):
        """A copy on another device, or of another dtype.

        The problem's Tensors, its modules (`torch.nn.Module`) and all
        parameters are converted; the modules are copies, too.

        Raises
        ------
        ValueError
            The device is not there; the dtype is not float32 or float64.
        """
        if isinstance(device, torch.dtype) or dtype not in (
                None, torch.float32, torch.float64):
            raise ValueError(
                "dtype must be torch.float32 or torch.float64, by its name, "
                f"got device={device}, dtype={dtype}: to(dtype=torch.float32)")
        reason = unavailable(device or "cpu")
        if reason:
            raise ValueError(reason)
        new = self.copy()
        new.device, new.dtype = str(device or self.device), dtype or self.dtype
        for name, value in vars(self).items():
            if isinstance(value, torch.Tensor):
                setattr(new, name, value.to(
                    device=device,
                    dtype=dtype if value.is_floating_point() else None))
            elif isinstance(value, torch.nn.Module):
                setattr(new, name, copy.deepcopy(value).to(
                    device=device, dtype=dtype))
        shared, *layers = [
            {name: value.to(new.dtype) for name, value in p.items()}
            for p in (self.shared, *self.layers)]
        return new.with_layers(layers, shared)

    def with_layers(self, layers, shared=None):
        """A copy with other layers, on the network's device, contiguous.

        Scalars stay on the CPU, where reading one does not wait for a GPU.
        One layout whatever made the arrays: the last bit depends on strides.
        The shared parameters stay where they are not given.
        """
        new = self.copy()
        shared = self.shared if shared is None else shared
        new.shared, *new.layers = [
            {name: value if value.ndim == 0
             else value.to(self.device).contiguous()
             for name, value in p.items()}
            for p in (shared, *layers)
        ]
        return new

    def with_problem(self, **problem):
        """The same layers, safeguarded or not as they are, for another
        problem: StepLISTA(D, lmbd) for a D that has moved, say. Arguments
        that are not given stay. Learned thresholds are scaled as lmbd is;
        learned matrices, such as those of LISTA, stay as they are."""
        new = type(self)(**self.problem | problem)
        new = new.to(device=self.device, dtype=self.dtype)
        new.guarded = self.guarded
        scales = {name: problem[of] / self.problem[of]
                  for name, of in self.proportional.items() if of in problem}
        shared, *layers = [
            {name: value * scales.get(name, 1) for name, value in p.items()}
            for p in (self.shared, *self.layers)]
        return new.with_layers(layers, shared)

    def named_parameters(self):
        """Every parameter once, by a name such as "3.step" or "shared.W"."""
        groups = {"shared": self.shared} | dict(enumerate(self.layers))
        return {f"{group}.{name}": value for group, p in groups.items()
                for name, value in p.items()}

    def with_parameters(self, named):
        """A copy with as many layers and these `named_parameters`."""
        groups = {"shared": {}} | {
            str(t): {} for t in range(len(self.layers))}
        for key, value in named.items():
            group, name = key.split(".", maxsplit=1)
            groups[group][name] = value
        shared, *layers = groups.values()
        return self.with_layers(layers, shared)

    def encode(self, name, value):
        """The free variable of a parameter, named as "step" or "3.step"."""
        return self.transforms.get(name.split(".", 1)[-1], FREE).encode(value)

    def decode(self, name, variable):
        """The parameter of a free variable."""
        return self.transforms.get(name.split(".", 1)[-1], FREE).decode(
            variable)

    @property
    def n_parameters(self):
        """Number of learned scalars, the free ones; shared ones count once,
        and not where no layer uses them."""
        if not self.layers:
            return 0
        return sum(self.encode(name, value).numel()
                   for name, value in self.named_parameters().items())

    def save(self, path):
        """Write the problem, all parameters and whether the network is
        safeguarded to a safetensors file.

        The file appears under its name once it is whole. OSError where it
        cannot be written.
        """
        problem = {
            name: v if isinstance(v, torch.Tensor)
            else torch.tensor(v, dtype=torch.float64)
            for name, v in self.problem.items()}
        info = {"network": type(self).__name__, "guarded": self.guarded}
        write_whole(path, weights.to_bytes(
            weights.Weights(self.layers, info, self.shared, problem)))

    @classmethod
    def load(cls, path, **problem):
        """The network that `save` wrote.

        Parameters
        ----------
        path : str or Path
        problem
            Arguments of the constructor that the file must agree with.

        Raises
        ------
        FileNotFoundError
        ValueError
            The file is damaged, or holds another network or problem.
        """
        try:
            loaded = weights.from_bytes(Path(path).read_bytes(), path)
        except ValueError as error:
            raise ValueError(
                f"{error}: train the network again, or copy the file anew"
            ) from error
        if loaded.info.get("network") != cls.__name__:
            raise ValueError(
                f"expected weights of {cls.__name__} in {path}, got those of "
                f"{loaded.info.get('network')}: load them with that class")
        for name, value in problem.items():
            if name not in loaded.problem:
                raise ValueError(
                    f"expected arguments of {cls.__name__}, "
                    f"{', '.join(loaded.problem)}, got {name}")
            if weights.digest(to_numpy(value)) != weights.digest(
                    to_numpy(loaded.problem[name])):
                raise ValueError(
                    f"expected weights for this {name} in {path}, got those "
                    "for another one: train again, or load them as they are "
                    f"and call with_problem({name}={name})")
        network = cls(**loaded.problem)
        network.guarded = loaded.info.get("guarded", cls.guarded)
        dtypes = {v.dtype for v in loaded.problem.values() if v.ndim}
        return network.to(dtype=min(
            dtypes, key=lambda dtype: dtype.itemsize, default=None)
        ).with_layers(loaded.layers, loaded.shared)
