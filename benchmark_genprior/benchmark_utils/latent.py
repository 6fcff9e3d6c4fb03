"""The bases of the solvers: the best iterate, the budget, the decoder."""
import copy
import time
from typing import NamedTuple

import torch
from benchopt.stopping_criterion import SingleRunCriterion

from benchmark_utils.inverse import LOSSES
from benchmark_utils.regularisers import REGULARISERS, Gaussian, Regularised
from benchmark_utils.tuned import TUNED
from unrolling.bench import classical
from unrolling.bench.criteria import BudgetCriterion
from unrolling.device import to_numpy, to_tensor
from unrolling.options import POSITIVE, or_tuned


class Iterate(NamedTuple):
    """What an algorithm yields at each iteration."""

    z: torch.Tensor
    """(n_problems, n_latent)"""
    image: torch.Tensor
    """G(z), (n_problems, n_pixels), which the algorithm has at hand."""
    w: torch.Tensor = None
    """Images of methods that keep w apart from G(z)."""


class PriorSolver(classical.ClassicalSolver):
    """Keeps the problem: generator, A, b, the loss and the budget.

    `needs` names attributes of the loss without which the method cannot
    work, see `benchmark_utils.inverse`. Methods with `splits` apply the prox
    of the regulariser R to w; the others see it at G(z), where it has to be
    smooth for the sum to be so.
    """

    stopping_criterion = BudgetCriterion(
        strategy="callback", key_to_monitor="value")
    needs = {}
    splits = False

    def refusal(self, loss, regulariser, **_):
        for attribute, reason in self.needs.items():
            if not getattr(LOSSES[loss], attribute):
                return f"{self.name} needs {reason}, got loss={loss}"
        needs_smooth = {"smooth", "residuals"} & {*self.needs}
        if (needs_smooth and not self.splits
                and not REGULARISERS[regulariser].smooth):
            return (f"{self.name} needs a smooth regulariser, got "
                    f"regulariser={regulariser}")
        return super().refusal()

    def set_objective(self, G, A, b, loss, max_iter, max_time, **problem):
        self.G, self.A, self.b, self.loss = G, A, b, loss
        self.max_iter, self.max_time = max_iter, max_time
        self.problem = problem


class LatentSolver(PriorSolver, classical.IterativeSolver):
    """Base of the algorithms: a subclass writes `iterates(z)`.

    This generator yields an Iterate for the start z (n_problems, n_latent),
    then one for each iteration, without an end. It finds the generator in
    `self.G`, L + R in `self.fit`, H in `self.H`. Problems are images times
    restarts; of each, the z of the least L + R + H so far is the result. It
    is copied, and costs one product with A per iteration.
    """

    parameters = {"device": ["cpu"]}
    ranges = {"rho": or_tuned(POSITIVE), "step_size": or_tuned(POSITIVE)}

    def iterates(self, z):
        """Yields an Iterate at a time, see the class."""
        raise NotImplementedError(f"{type(self).__name__}.iterates")

    def tuned(self, parameter):
        """The parameter's value; that of `benchmark_utils.tuned` for "tuned".
        """
        value = getattr(self, parameter)
        return (TUNED[self.name, parameter][self.loss] if value == "tuned"
                else value)

    def start(self):
        """The latents that all methods start from."""
        return self.problem["z_start"]

    def cost(self, z, image):
        """L + R + H of each problem, (n_problems,), for image = G(z)."""
        return self.fit.error(image) + self.H.error(z)

    def run(self, cb):
        """Iterate, keeping each problem's best z, until benchopt stops."""
        z, A, b, lmbd = (
            to_tensor(v, self.device, torch.float32)
            for v in (self.start(), self.A, self.b, self.problem["lmbd"]))
        R = REGULARISERS[self.problem["regulariser"]](
            self.problem["shape"], lmbd)
        if self.device != "cpu":
            self.G = copy.deepcopy(self.G).to(self.device)
            # or convolutions would have numbers of ten bits
            torch.backends.cudnn.allow_tf32 = False
        self.fit = Regularised(LOSSES[self.loss](A, b), R)
        self.H = Gaussian(self.problem["mu"])
        self.result = z.clone()
        least = torch.full((len(z),), torch.inf, device=z.device)
        for iterate in self.iterates(z):
            cost = self.cost(iterate.z, iterate.image)
            better = cost < least  # False for NaN: what diverges is not kept
            self.result[better] = iterate.z[better]
            least = torch.where(better, cost, least)
            self.last = iterate
            classical.synchronize(self.device)
            if not cb():
                break

    def get_result(self):
        last, infeasibility = self.last, None
        if last.w is not None:
            infeasibility = to_numpy((last.w - last.image).norm(dim=1))
        return {"z": to_numpy(self.result), "infeasibility": infeasibility}


class ImageSolver(PriorSolver):
    """Base of the priors without a generator: a subclass writes
    `images(A, b, reg)`, which returns one image per row of b.

    Pixels are cut to [0, 1], where a generator's are. The penalty of a prior,
    the share `reg` of some largest one, is the best of `regs` on training
    images that are measured in the same way. It takes the place of the
    problem's R and H, so that there must be none. What a subclass learns, and
    the choice of `reg`, is training, whose time is reported.
    """

    sampling_strategy = "run_once"
    stopping_criterion = SingleRunCriterion(strategy="run_once")
    needs = {"residuals": "a quadratic loss", "proximal": "a linear operator"}
    regs = ()

    def refusal(self, regulariser, mu, **problem):
        if regulariser != "none" or mu:
            return (
                f"{self.name} has a regulariser of its own and no latent, got "
                f"regulariser={regulariser} and mu={mu}: use none and 0")
        return super().refusal(regulariser=regulariser, **problem)

    def learn(self, images):
        """What `images` needs of training images (n_images, n_pixels)."""

    def images(self, A, b, reg):
        """The images, (n_samples, n_pixels), as the prior has them."""
        raise NotImplementedError(f"{type(self).__name__}.images")

    def cut(self, b, reg):
        """The images with their pixels in [0, 1]."""
        return self.images(self.A, b, reg).clip(0, 1)

    def pre_run_hook(self, _):
        started = time.perf_counter()
        b, images = self.problem["b_tuning"], self.problem["images_tuning"]
        train = self.problem["images_train"]
        # of images that it has learned, a prior needs no penalty
        others = train[len(images):]
        self.learn(others if len(others) > 1 else train)
        errors = {reg: ((self.cut(b, reg) - images) ** 2).mean()
                  for reg in self.regs}
        self.reg = min(errors, key=errors.get)
        self.learn(train)
        self.train_time_s = time.perf_counter() - started

    def run(self, _):
        self.result = self.cut(self.problem["b_images"], self.reg)

    def get_result(self):
        return {"images": self.result, "reg": self.reg,
                "train_time_s": self.train_time_s}


def decode(G, z):
    """An image, and its derivative's transpose.

    Parameters
    ----------
    G : Module
    z : Tensor, shape (n_problems, n_latent)

    Returns
    -------
    image : Tensor, shape (n_problems, n_pixels)
    pull : function
        Of v (n_problems, n_pixels), once: J(z)' v, (n_problems, n_latent).
    """
    z = z.detach().requires_grad_()
    image = G(z)
    return image.detach(), lambda v: torch.autograd.grad(image, z, v)[0]
