from numbers import Integral, Real

import numpy as np
from benchmark_utils.disc import (
    BACKGROUND,
    INCLUSIONS,
    conductivity,
    disc_electrodes,
    disc_mesh,
    random_inclusions,
)
from benchmark_utils.eit_operator import EIT
from benchmark_utils.newton_steps import gauss_newton_start
from benchmark_utils.nonlinear_operator import Linearised
from benchmark_utils.nonlinear_samples import (
    reason_against,
    samples_of,
    split_sizes,
)
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import COUNT_OR_ZERO, Range

START_REG = 1e-3
"""Tikhonov parameter of the initial guesses, relative to ||J||^2."""
RINGS = Range(Integral, lambda v: v >= 4 and v % 4 == 0,
              "a multiple of 4, so that electrodes lie on sides of the mesh")
RANGES = {
    "rings": RINGS, "data_rings": RINGS, "start_steps": COUNT_OR_ZERO,
    "n_inclusions": Range(
        Integral, lambda v: v in INCLUSIONS, f"one of {[*INCLUSIONS]}"),
    "contact": Range(
        Real, lambda v: 1e-6 <= v < np.inf, "a number >= 1e-6")}
"""The values of the parameters that no other data set has."""


class Dataset(BaseDataset):
    """Electrical impedance tomography of inclusions in the unit disc.

    16 electrodes with the complete electrode model, adjacent currents, 208
    voltages. Meshes have 8 rings^2 triangles. Data are computed on a mesh of
    `data_rings`, or with inverse_crime=True on that of the inversion; noise
    is relative to a sample's largest voltage. Initial guesses are
    `start_steps` Gauss-Newton steps from the background. linearised=True
    replaces the model by its derivative at the background, on both meshes. Q.
    Zhou, J. Qian, J. Tang and J. Li, Inverse Problems 40(5), 2024,
    arXiv:2307.16120, with point electrodes, no noise and one mesh there.
    """

    name = "EIT"
    requirements = ["scipy"]

    parameters = {
        "n_inclusions": [2], "rings": [8], "data_rings": [12],
        "inverse_crime": [False], "noise": [1e-3], "linearised": [False],
        "contact": [0.01], "start_steps": [1], "n_train": [400],
        "n_val": [50], "n_test": [20],
    }
    test_config = {"rings": 4, "data_rings": 8, "n_train": 10, "n_val": 5,
                   "n_test": 4}

    def get_data(self):
        reason = reason_against(self, **RANGES)
        if reason:
            return refused(reason)
        rng = np.random.default_rng(self.get_seed())
        sizes = split_sizes(self)
        inclusions = [random_inclusions(self.n_inclusions, rng)
                      for _ in range(sum(sizes))]
        mesh, K, x = self.model(self.rings, inclusions)
        fine = (K, x) if self.inverse_crime else self.model(
            self.data_rings, inclusions)[1:]
        background = np.full(K.n_x, BACKGROUND)
        data = samples_of(K, x, fine[0].forward(fine[1]), sizes, self.noise,
                          background, rng)
        start = gauss_newton_start(
            K, background, self.start_steps, START_REG)
        return data | {"start": start, "mesh": mesh}

    def model(self, rings, inclusions):
        """A mesh, the operator on it, and the inclusions' conductivities."""
        mesh = disc_mesh(rings)
        K = EIT(mesh, disc_electrodes(rings), self.contact)
        if self.linearised:
            K = Linearised(K, np.full(K.n_x, BACKGROUND))
        return mesh, K, np.stack([conductivity(mesh, one)
                                  for one in inclusions])
