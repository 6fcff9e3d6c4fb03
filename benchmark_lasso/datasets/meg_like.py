import numpy as np
from benchmark_utils.sphere import folded_shell, sarvas_field, spiral
from benchopt import BaseDataset

from unrolling.data import refused

CENTRE = np.array([0.0, -0.01, 0.015])
"""The helmet's centre, m, is off the conductor's: coils are not radial."""
HELMET, TIMES = 0.12, np.arange(0.04, 0.18, 1 / 300)
"""Radius of the helmet, m; time samples after the stimulus, s."""
SENSOR_NOISE, BRAIN_NOISE = 2e-14, 6e-14
"""Standard deviation in one trial: of each coil, T; due to the brain, T."""
N_BASELINE, N_TRIALS = 5000, 50
"""Samples of the noise before the stimuli; trials averaged in an event."""


class Dataset(BaseDataset):
    """Magnetoencephalography: a leadfield computed from physics.

    Each atom is the field of a current dipole normal to a folded cortex 7 cm
    from the centre of a spherical conductor, at magnetometers 12 cm from the
    centre of a helmet (J. Sarvas, Phys. Med. Biol. 32(1), 1987,
    doi:10.1088/0031-9155/32/1/004). Samples are the time samples, 40 to 180
    ms after the stimulus at 300 Hz, of evoked events in which n_active
    dipoles oscillate with 20 to 60 nA m at their peak, in noise of the coils
    and of the rest of the brain. Atoms and samples are whitened by the
    covariance of a simulated baseline, as in MNE. Train and test are
    different events. Codes z are in A m.
    """

    name = "MEGLike"

    parameters = {
        "n_sensors, n_sources": [(102, 1000)],
        "n_active": [3],
        "n_train": [210],
        "n_test": [126],
    }
    test_config = {"n_sensors": 20, "n_sources": 60, "n_train": 84,
                   "n_test": 20}

    def get_data(self):
        if not 1 <= self.n_active <= self.n_sources:
            return refused(f"n_active must be 1 to n_sources="
                           f"{self.n_sources}, got n_active={self.n_active}")
        if not 1 < self.n_sensors < N_BASELINE:
            return refused(
                f"n_sensors must be 2 to {N_BASELINE - 1}, fewer than the "
                "samples that the noise covariance is estimated from, got "
                f"n_sensors={self.n_sensors}")
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        leadfield = self.get_leadfield(rng)
        noise = noise_factor(leadfield)
        baseline = rng.standard_normal((N_BASELINE, noise.shape[1])) @ noise.T
        whitener = np.sqrt(N_TRIALS) * inverse_root(
            baseline.T @ baseline / N_BASELINE)
        data = {"D": whitener @ leadfield}
        for part, n_samples in (("train", self.n_train),
                                ("test", self.n_test)):
            n_events = -(-n_samples // len(TIMES))
            z = np.concatenate([self.event(rng) for _ in range(n_events)])
            z = z[:n_samples]
            field = z @ leadfield.T + rng.standard_normal(
                (n_samples, noise.shape[1])) @ noise.T / np.sqrt(N_TRIALS)
            data |= {f"x_{part}": field @ whitener, f"z_{part}": z}
        return data

    def get_leadfield(self, rng):
        """The fields of dipoles normal to the folds, T/(A m).

        Returns
        -------
        ndarray, shape (n_sensors, n_sources)
        """
        directions = spiral(self.n_sensors, lowest=-0.2)
        coils = CENTRE + HELMET * directions
        cortex = folded_shell(spiral(self.n_sources, lowest=-0.4), rng)
        return np.einsum("pdk,pk->pd", sarvas_field(coils, *cortex),
                         directions)

    def event(self, rng):
        """Moments of an evoked event, (len(TIMES), n_sources), A m."""
        z = np.zeros((len(TIMES), self.n_sources))
        active = rng.choice(self.n_sources, self.n_active, replace=False)
        peak, sign = rng.uniform(2e-8, 6e-8, (2, self.n_active))
        peak *= np.where(sign > 4e-8, 1, -1)
        latency = TIMES[:, None] - rng.uniform(0.06, 0.16, self.n_active)
        width = rng.uniform(0.015, 0.04, self.n_active)
        frequency = rng.uniform(5, 15, self.n_active)
        z[:, active] = peak * np.exp(-0.5 * (latency / width) ** 2) * np.cos(
            2 * np.pi * frequency * latency)
        return z


def noise_factor(leadfield):
    """Square root of the noise covariance of one trial, T.

    Independent coils, and dipoles all over the cortex, equally strong and
    independent, whose field has BRAIN_NOISE for its mean square root.
    """
    brain = leadfield * BRAIN_NOISE / np.sqrt(
        (leadfield**2).sum(axis=1).mean())
    return np.hstack([brain, SENSOR_NOISE * np.eye(len(leadfield))])


def inverse_root(covariance):
    """The symmetric W with W C W = Id."""
    values, vectors = np.linalg.eigh(covariance)
    return vectors / np.sqrt(values) @ vectors.T
