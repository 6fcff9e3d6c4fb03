import numpy as np
import torch
from benchmark_utils.classifier import accuracy, attacked, trained_classifier
from benchmark_utils.image_checks import check_generator, check_images
from benchmark_utils.image_metrics import ssim
from benchmark_utils.inverse import LOSSES
from benchmark_utils.operators import OPERATORS, PROBLEMS, check_level, measure
from benchmark_utils.regularisers import REGULARISERS, Gaussian

from unrolling.bench.objective import BenchmarkObjective, check_result, encode
from unrolling.bench.pictures import as_text
from unrolling.bench.samples import written
from unrolling.options import COUNT, POSITIVE, check_options
from unrolling.psnr import psnr_db

N_TUNING = 20
"""Training images on which the priors without a generator are tuned."""


class Objective(BenchmarkObjective):
    """Inverse problems whose image is in the range of a generator.

    min_{w, z} L(w) + R(w) + H(z) subject to w = G(z), for measurements b of
    many images. By problem, L(w) is 1/2 ||A w - b||^2, where A has m = level n
    normal rows (compressed_sensing), lacks the share `level` of the pixels
    (inpainting) or is a Gaussian blur of `level` pixels (deblurring); 1/2 ||
    |A w| - b ||^2 (phase_retrieval); or 1/2 ||w - b||^2, ||w - b||_1 or ||w -
    b||_inf (denoise_l2, denoise_l1, denoise_linf) with noise of size `level`,
    normal or, for l_inf, of random signs, and b cut to [0, 1]. In adversarial
    (l_inf) and adversarial_l2, b are images of which an attack changed each
    pixel by at most `level`, so that a classifier errs.

    By regulariser, R is 0 (none), keeps pixels in [0, 1] (box) or is the total
    variation (tv), lmbd sum_pixels |nabla w|, where lmbd of each image is
    `reg` times the mean size of the entries of the gradient of L at a black
    image: the mean of |A'b| for quadratic losses, 1 for l_1, 1/n_pixels for
    l_inf. H(z) = mu/2 ||z||^2 is the normal prior of latents. mu itself is the
    parameter, not a share of anything, since both sides have a unit: latents
    the prior's variance 1, pixels the range [0, 1]. In compressed sensing it
    is lambda of A. Bora, A. Jalal, E. Price and A. G. Dimakis, Compressed
    sensing using generative models, ICML 2017, arXiv:1703.03208. With normal
    noise of variance mu, a minimiser of a quadratic L + H is a mode of the
    posterior of z.

    Methods have the same iterations and seconds, and search latents from the
    same ones on, n_restarts for each image; but NPGD, and the first restart of
    ADMM[initial=encoder], start from an encoder's guess. Of each image's
    restarts the one with the least L + R + H counts. Metrics are those of w =
    G(z). F. Latorre, A. Eftekhari and V. Cevher, Fast and provable ADMM for
    learning with generative priors, NeurIPS 2019, arXiv:1907.03343.
    """

    name = "Generative prior"
    url = "https://github.com/unrolling/unrolling/tree/main/benchmark_genprior"
    min_benchopt_version = "1.10"
    requirements = ["pip::torch", "numba", "scipy"]

    parameters = {
        "problem": ["compressed_sensing", "denoise_linf"], "level": [0.3],
        "noise": [0.0], "regulariser": ["none"], "reg": [0.03],
        "mu": [0.0], "n_restarts": [2], "max_iter": [1000], "max_time": [20],
    }
    test_config = {"problem": "compressed_sensing", "max_iter": 10,
                   "n_restarts": 2}
    test_dataset_name = "Simulated"

    sampling_strategy = "callback"

    def check(self, G, n_latent, shape, images_train, images_test,
              labels_train=None, labels_test=None, **_):
        if self.problem not in PROBLEMS:
            raise ValueError(f"problem must be one of {', '.join(PROBLEMS)}, "
                             f"got problem={self.problem}")
        self.check_numbers()
        n_pixels = int(np.prod(shape))
        for name, images in (("images_train", images_train),
                             ("images_test", images_test)):
            check_images(name, images, n_pixels)
        check_generator(G, n_latent, n_pixels)
        if PROBLEMS[self.problem].attacks and (
                labels_train is None or labels_test is None):
            raise ValueError(
                f"problem={self.problem} needs labels of the images, for the "
                "classifier, got none: use Digits or MNIST")

    def check_numbers(self):
        """ValueError unless the objective's parameters are in their ranges."""
        check_level(self.problem, self.level)
        if not 0 <= self.noise < np.inf:
            raise ValueError("noise must be 0 or a positive standard "
                             f"deviation, got noise={self.noise}")
        if self.noise and self.problem not in OPERATORS:
            raise ValueError(
                f"noise must be 0 for problem={self.problem}, whose level "
                f"says how b is changed, got noise={self.noise}")
        if self.regulariser not in REGULARISERS or not 0 < self.reg <= 1:
            raise ValueError(
                f"regulariser must be one of {', '.join(REGULARISERS)} and "
                f"reg in (0, 1], got regulariser={self.regulariser} and "
                f"reg={self.reg}")
        if not 0 <= self.mu < np.inf:
            raise ValueError(
                "mu must be 0 or a positive weight of ||z||^2 / 2, got "
                f"mu={self.mu}")
        check_options(
            COUNT, n_restarts=self.n_restarts, max_iter=self.max_iter)
        check_options(POSITIVE, max_time=self.max_time)

    def set_data(self, G, n_latent, shape, images_train, images_test,
                 labels_train=None, labels_test=None, encoder=None, seed=0,
                 train_time_s=0.0):
        self.train_time_s = train_time_s
        self.G, self.shape = G, tuple(shape)
        self.images, self.labels = np.asarray(images_test, float), labels_test
        self.encoder = encoder
        rng = np.random.default_rng(seed)
        train = np.asarray(images_train, float)
        self.classifier = None
        if PROBLEMS[self.problem].attacks:
            self.classifier = trained_classifier(train, labels_train, seed)
            self.A = np.eye(len(self.images[0]))
            self.b_tuning, self.b = (
                attacked(self.classifier, images, labels, self.level)
                for images, labels in (
                    (train[:N_TUNING], labels_train[:N_TUNING]),
                    (self.images, labels_test)))
        else:
            both = np.concatenate([train[:N_TUNING], self.images])
            self.A, both = measure(self.problem, self.level, self.noise,
                                   self.shape, both, rng)
            self.b_tuning, self.b = np.split(both, [len(both) - len(
                self.images)])
        self.lmbd = self.reg * self.loss(self.b).steepness().clamp(
            min=1e-12).numpy()
        self.images_train, self.tuning = images_train, train[:N_TUNING]
        self.z_start = rng.standard_normal(
            (len(self.images) * self.n_restarts, n_latent))
        self.generated = self.picture(self.decoded(self.z_start))

    def get_objective(self):
        return {
            "G": self.G, "A": self.A,
            "b": np.repeat(self.b, self.n_restarts, axis=0),
            "loss": PROBLEMS[self.problem].loss, "z_start": self.z_start,
            "regulariser": self.regulariser, "mu": self.mu,
            "lmbd": np.repeat(self.lmbd, self.n_restarts, axis=0),
            "max_iter": self.max_iter, "max_time": self.max_time,
            "shape": self.shape, "b_images": self.b, "b_tuning": self.b_tuning,
            "images_train": self.images_train, "images_tuning": self.tuning,
            "encoder": self.encoder,
        }

    def evaluate_result(self, z=None, images=None, infeasibility=None,
                        reg=None, train_time_s=None):
        """Metrics of z (n_images * n_restarts, n_latent), restarts of an image
        one after the other; or of images (n_images, n_pixels) themselves,
        which solve another problem, so that there is no value of this one."""
        if images is None:
            images = self.decoded(z)
        error, value = self.of_restarts(images, z)
        rows = np.arange(len(self.images)), value.argmin(axis=1)
        best = images.reshape(*error.shape, -1)[rows]
        reconstruction = ((best - self.images) ** 2).mean(axis=1)
        metrics = {
            "value": np.nan if z is None else value[rows].mean(),
            "train_time_s": (self.train_time_s if train_time_s is None
                             else train_time_s),
            "measurement_error": error[rows].mean(),
            "reconstruction_error": reconstruction.mean(),
            "psnr_db": psnr_db(reconstruction).mean(),
            "ssim": ssim(best, self.images, self.shape).mean(),
            "pictures": self.picture(best),
            "truth": self.picture(self.images),
            "generated": self.generated,
        } | written(measurement_error=error[rows],
                    reconstruction_error=reconstruction)
        if self.A.shape[0] == self.A.shape[1]:
            metrics["measured"] = self.picture(self.b)
        if infeasibility is not None:
            metrics["infeasibility"] = infeasibility.reshape(
                error.shape)[rows].mean()
        if reg is not None:
            metrics["reg"] = reg
        if self.classifier is not None:
            metrics |= {
                name: accuracy(self.classifier, seen, self.labels)
                for name, seen in (("accuracy_clean", self.images),
                                   ("accuracy_attacked", self.b),
                                   ("accuracy", best))}
        return encode(metrics)

    def of_restarts(self, images, z=None):
        """L, and L + R + H, of each image's restarts, (n_images, n_restarts);
        infinity for what is not finite."""
        restarts = len(images) // len(self.images)
        if len(images) != len(self.images) * restarts or not restarts:
            raise ValueError(
                f"images must be {len(self.images)} or that many times "
                f"n_restarts, got {len(images)}: return one row each")
        if z is None and self.mu:
            raise ValueError(
                f"z must be returned, since mu={self.mu} weighs its H(z), got "
                "images alone: use mu=0 with them")
        error, R = self.costs(images, restarts)
        H = 0 if z is None else Gaussian(self.mu).error(np.asarray(z, float))
        return tuple(
            np.where(np.isfinite(v), v, np.inf).reshape(-1, restarts)
            for v in (error, error + R + H))

    def picture(self, images):
        """Images (n, n_pixels), as the plots take them."""
        return as_text(images.reshape(-1, *self.shape))

    def decoded(self, z):
        """The images G(z), float64; ValueError for latents of other shapes."""
        check_result("z", z, self.z_start.shape,
                     "(n_images * n_restarts, n_latent)")
        with torch.no_grad():
            images = self.G(torch.as_tensor(z, dtype=torch.float32))
        return images.double().numpy()

    def costs(self, images, restarts):
        """L and R of each row, in float64; restarts of an image one after the
        other."""
        images = torch.as_tensor(images)
        b, lmbd = (torch.as_tensor(np.repeat(v, restarts, axis=0))
                   for v in (self.b, self.lmbd))
        R = REGULARISERS[self.regulariser](self.shape, lmbd)
        return (self.loss(b).error(images).numpy(), R.error(images).numpy())

    def loss(self, b):
        """L for measurements b, of `benchmark_utils.inverse`."""
        return LOSSES[PROBLEMS[self.problem].loss](
            torch.as_tensor(self.A), torch.as_tensor(b))

    def get_one_result(self):
        return {"z": self.z_start}
