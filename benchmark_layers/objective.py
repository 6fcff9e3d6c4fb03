import numpy as np
import torch
from benchmark_utils.layer_models import loss_and_slope, pulled_back
from benchmark_utils.layers import Solution

from unrolling.bench.objective import BenchmarkObjective, check_result, encode
from unrolling.bench.samples import written
from unrolling.device import to_tensor
from unrolling.options import COUNT, check_options


class Objective(BenchmarkObjective):
    """Training through an optimisation layer.

    min_theta mean of l(x*(w), target) over samples, where w = w(theta, phi) is
    computed from features phi by a model with parameters theta, and
    x*(w) = argmin_x L(x, w) is the layer. A method moves theta by its own
    estimate of J'dx, where J is the derivative of x* in w, and dx the gradient
    of l in x.

    All methods start from the same theta and have max_iter full-batch steps;
    of each the theta with the least training loss so far counts. Metrics:
    `value`, the training loss; `test_loss`, on held-out samples; `n_solves`
    and `n_inner`, solves of the layer and iterations of its solver for each
    training sample until the loss of the last theta is known, even if an
    earlier one is the best; `exact_norm`, the norm of the exact gradient at
    the last theta, `gradient_distance`, that of the method's estimate to it,
    and `gradient_cosine`; and `informed`, the share of training samples whose
    estimate is not 0. A. Paulus, G. Martius and V. Musil, LPGD: a general
    framework for backpropagation through embedded optimization layers, ICML
    2024, arXiv:2407.05920.
    """

    name = "Layer"
    url = "https://github.com/unrolling/unrolling/tree/main/benchmark_layers"
    min_benchopt_version = "1.10"
    requirements = ["pip::torch"]

    parameters = {"max_iter": [100]}
    test_config = {"max_iter": 20}
    test_dataset_name = "Simplex"

    sampling_strategy = "callback"

    def check(self, layer, model, loss, theta_start, phi_train, target_train,
              phi_test, target_test, problem):
        check_options(COUNT, max_iter=self.max_iter)
        missing = [name for name in ("n_inputs", "solve", "grad", "adjoint")
                   if not hasattr(layer, name)]
        if missing:
            raise ValueError(
                "layer must have n_inputs, solve, grad and adjoint, got none "
                f"of {', '.join(missing)}: see benchmark_utils.layers.Layer")
        arrays = {"theta_start": theta_start}
        for name, phi, target in (("train", phi_train, target_train),
                                  ("test", phi_test, target_test)):
            arrays |= {f"phi_{name}": phi, f"target_{name}": target}
            if len(np.shape(phi)) != 2 or len(np.shape(target)) != 2 or (
                    len(phi) != len(target) or not len(phi)):
                raise ValueError(
                    f"phi_{name} and target_{name} must have one row for each "
                    f"of n_samples >= 1, got shapes {np.shape(phi)} and "
                    f"{np.shape(target)}; samples are rows")
            check_shapes(layer, model, loss, theta_start, phi, target)
        for name, values in arrays.items():
            if not np.isfinite(np.asarray(values)).all():
                raise ValueError(f"{name} must be finite, got NaN or infinite "
                                 "entries: impute or drop them")

    def set_data(self, layer, model, loss, theta_start, phi_train,
                 target_train, phi_test, target_test, problem):
        self.layer, self.model, self.loss = layer, model, loss
        self.theta_start = to_tensor(theta_start, "cpu")
        self.train = to_tensor(phi_train, "cpu"), to_tensor(
            target_train, "cpu")
        self.test = to_tensor(phi_test, "cpu"), to_tensor(target_test, "cpu")
        self.problem = problem

    def get_objective(self):
        phi, target = self.train
        return {
            "layer": self.layer, "model": self.model, "loss": self.loss,
            "theta_start": self.theta_start, "phi": phi, "target": target,
            "max_iter": self.max_iter, "problem": self.problem,
        }

    def evaluate_result(self, theta, theta_last=None, gradient=None,
                        n_solves=None, n_inner=None, informed=None):
        """Metrics of theta, an ndarray of the shape of theta_start, and of the
        estimate `gradient` of the gradient at theta_last."""
        theta = self.checked(theta)
        train, test = (self.losses(theta, *part)
                       for part in (self.train, self.test))
        metrics = {"value": train.mean(), "train_loss": train.mean(),
                   "test_loss": test.mean()}
        metrics |= {name: number for name, number in (
            ("n_solves", n_solves), ("n_inner", n_inner),
            ("informed", informed)) if number is not None}
        if gradient is not None:
            metrics |= compared(to_tensor(gradient, "cpu"),
                                self.gradient(self.checked(theta_last)))
        return encode(metrics | written(train_loss=train, test_loss=test))

    def checked(self, theta):
        """theta as a tensor; ValueError for another shape."""
        check_result("theta", theta, self.theta_start.shape,
                     "(as theta_start)")
        return to_tensor(theta, "cpu")

    def losses(self, theta, phi, target):
        """The loss of each sample; infinite where it is not a number."""
        x = self.layer.solve(self.model(theta, phi)).x
        losses = self.loss(x, target).numpy()
        return np.where(np.isnan(losses), np.inf, losses)

    def gradient(self, theta):
        """The exact gradient of the training loss, by the adjoint of x*."""
        phi, target = self.train
        here = self.layer.solve(self.model(theta, phi))
        _, dx = loss_and_slope(self.loss, here.x, target)
        return pulled_back(
            self.model, theta, phi,
            lambda w: self.layer.adjoint(w, here, dx))[0]

    def get_one_result(self):
        return {"theta": self.theta_start.numpy()}


def check_shapes(layer, model, loss, theta_start, phi, target):
    """ValueError unless the model fits the layer, and the layer the loss."""
    theta, phi, target = (
        to_tensor(v, "cpu") for v in (theta_start, phi, target))
    try:
        w = returned("model(theta_start, phi)", model(theta, phi))
        if w.shape != (len(phi), layer.n_inputs):
            raise ValueError(
                "model(theta_start, phi) must have shape (n_samples, n_inputs)"
                f" = {(len(phi), layer.n_inputs)}, got {tuple(w.shape)}")
        solution = returned("layer.solve(w)", layer.solve(w), Solution)
        losses = returned("loss(x, target)", loss(solution.x, target))
    except RuntimeError as error:
        raise ValueError(
            "theta_start, phi and target must fit the model, the layer and "
            f"the loss, got {error}: give arrays of shapes that fit") from None
    if losses.shape != (len(phi),):
        raise ValueError(
            "loss(x, target) must be one number for each of the "
            f"{len(phi)} samples, got shape {tuple(losses.shape)}")


def returned(what, value, kind=torch.Tensor):
    """The value; ValueError unless it is of this kind."""
    if not isinstance(value, kind):
        raise ValueError(
            f"{what} must return a {kind.__name__}, got "
            f"{type(value).__name__}")
    return value


def compared(gradient, exact):
    """How far an estimate of a gradient is from the exact one."""
    size, norm = (torch.linalg.vector_norm(v).item()
                  for v in (gradient, exact))
    product = (gradient * exact).sum().item()
    return {
        "exact_norm": norm,
        "gradient_distance": torch.linalg.vector_norm(
            gradient - exact).item(),
        "gradient_cosine": product / (size * norm) if size * norm else 0.0,
    }
