"""The data sets: reproducible, as documented, refused with a reason."""
import sys
from functools import cache

import numpy as np
import pytest
import scipy.integrate

from unrolling.data.fmri import sample_response

SMALL = {
    "Simulated": {"n_dim": 5, "n_times": 8, "n_train": 7, "n_test": 6},
    "Denoising": {"n_times": 9, "n_train": 7, "n_test": 6},
    "Deconvolution": {"n_times": 12, "n_taps": 4, "n_train": 7, "n_test": 6},
    "fMRILike": {"n_scans": 60, "n_train": 7, "n_test": 6},
    "ECGLike": {"n_times": 40, "n_dim": 20, "n_train": 7, "n_test": 6},
}
SHAPES = {"Simulated": (5, 8), "Denoising": (9, 9), "Deconvolution": (9, 12),
          "fMRILike": (60, 60), "ECGLike": (20, 40)}


@pytest.fixture
def get_data(suite):
    return cache(lambda name, **parameters: suite.make_dataset(
        name, **SMALL[name] | parameters).get_data())


@pytest.mark.parametrize("name", SMALL)
def test_shapes_and_acceptance(suite, get_data, name):
    data = get_data(name)
    n_dim, n_times = SHAPES[name]
    assert {key: value.shape for key, value in data.items()} == {
        "A": (n_dim, n_times), "x_train": (7, n_dim), "x_test": (6, n_dim),
        "u_train": (7, n_times), "u_test": (6, n_times)}
    assert {v.dtype for v in data.values()} == {np.dtype(float)}
    objective = type(suite.make_objective()).get_instance(reg=0.5)
    assert objective.skip(**data) == (False, None)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("snr_db", [0, 10])
def test_ratio_of_signal_and_noise(get_data, name, snr_db):
    """Exact, for each sample."""
    data = get_data(name, snr_db=snr_db)
    for part in ("train", "test"):
        clean = data[f"u_{part}"] @ data["A"].T
        noise = data[f"x_{part}"] - clean
        ratio = (clean**2).sum(axis=1) / (noise**2).sum(axis=1)
        np.testing.assert_allclose(10 * np.log10(ratio), snr_db, atol=1e-9)


@pytest.mark.parametrize(("noise", "kurtosis"), [
    ("gaussian", 3), ("laplace", 6)])
def test_noise_is_of_its_kind(get_data, noise, kurtosis):
    """Of 10^5 values; the ratio is per sample, of 100 values each."""
    data = get_data("Denoising", n_times=100, n_train=1000, noise=noise)
    values = data["x_train"] - data["u_train"]
    values /= np.sqrt((values**2).mean(axis=1, keepdims=True))
    assert (values**4).mean() == pytest.approx(kurtosis, rel=0.15)
    assert abs((values[:, 1:] * values[:, :-1]).mean()) <= 0.02


def test_blocks_have_the_density_of_jumps(get_data):
    """A jump at a time in ten, within 5 standard errors of 10^5 times."""
    u = get_data("Denoising", n_times=101, n_train=1000,
                 density=0.1)["u_train"]
    jumps = (np.diff(u) != 0).mean()
    assert jumps == pytest.approx(0.1, abs=5 * np.sqrt(0.09 / 1e5))


def test_sines_are_smooth(get_data):
    u = get_data("Denoising", n_times=200, signals="sinus")["u_train"]
    assert abs(np.diff(u)).max() <= 3 * 2 * np.pi / 200
    assert np.ptp(u, axis=1).min() >= 1


@pytest.mark.parametrize(("unit_norm", "axis"), [("rows", 1), ("columns", 0)])
def test_simulated_has_unit_norm(get_data, unit_norm, axis):
    A = get_data("Simulated", unit_norm=unit_norm)["A"]
    np.testing.assert_allclose(np.linalg.norm(A, axis=axis), 1, rtol=1e-14)


def test_jumps_are_few(get_data):
    """One of 8 times at a density of 0.2, and the signal is 0 before it; all
    times are as likely, within 5 standard errors of 4000 signals."""
    u = get_data("Simulated", signals="jumps", n_train=4000)["u_train"]
    jumps = np.diff(u, axis=1, prepend=0) != 0
    assert (jumps.sum(axis=1) == 1).all()
    np.testing.assert_allclose(
        jumps.mean(axis=0), 1 / 8, atol=5 * np.sqrt(7 / 64 / 4000))
    two = get_data("Simulated", signals="jumps", density=0.25,
                   n_train=200)["u_train"]
    assert set(np.count_nonzero(
        np.diff(two, axis=1, prepend=0), axis=1)) == {1, 2}


@pytest.mark.parametrize("kernel", ["gaussian", "box", "decay"])
def test_blur_is_a_convolution(get_data, kernel):
    data = get_data("Deconvolution", kernel=kernel)
    taps = data["A"][0, :4][::-1]
    assert taps.sum() == pytest.approx(1)
    assert (taps > 0).all()
    for u in data["u_train"]:
        np.testing.assert_allclose(
            data["A"] @ u, np.convolve(u, taps, "valid"), atol=1e-14)


def test_fmri_is_a_causal_convolution(get_data):
    data = get_data("fMRILike")
    hrf = sample_response("spm", 0.735)
    assert len(hrf) == 44
    assert hrf[0] == 0
    for u in data["u_train"]:
        np.testing.assert_allclose(
            data["A"] @ u, np.convolve(u, hrf)[:60], atol=1e-13)


@pytest.mark.parametrize(("activity", "longest"), [
    ("short", 3), ("long", 39)])
def test_fmri_blocks(get_data, activity, longest):
    """3 to 7 of them make at most 14 jumps; they begin after rest."""
    u = get_data("fMRILike", n_scans=400, activity=activity)["u_train"]
    assert (u >= -1e-12).all()
    assert (abs(u[:, -1]) < 1e-12).all()
    n_jumps = (abs(np.diff(u)) > 1e-9).sum(axis=1)
    assert n_jumps.min() >= 2
    assert n_jumps.max() <= 14
    assert ((u > 1e-9).sum(axis=1) <= 7 * longest).all()


def test_fmri_noise_is_autoregressive(get_data):
    data = get_data("fMRILike", n_scans=250, n_train=400)
    noise = data["x_train"] - data["u_train"] @ data["A"].T
    noise /= np.sqrt((noise**2).mean(axis=1, keepdims=True))
    lag = (noise[:, 1:] * noise[:, :-1]).mean()
    assert lag == pytest.approx(0.4, abs=0.02)


def test_waves_of_the_heart_solve_its_model(suite):
    """z' = -sum_i a_i d_i exp(-d_i^2 / 2 b_i^2), d_i the angle from wave i:
    the trapezoidal rule integrates it, from where all waves are flat."""
    module = sys.modules[suite.get_class("ECGLike").__module__]
    angle = np.linspace(-np.pi, np.pi, 20_001)
    slope = np.zeros_like(angle)
    for centre, a, b in module.WAVES:
        offset = angle - np.radians(centre)
        slope -= a * offset * np.exp(-0.5 * (offset / b) ** 2)
    z = scipy.integrate.cumulative_trapezoid(slope, angle, initial=0)
    # at half a turn from R, T has 1e-3 of R's height left
    signal = module.waves(angle)
    np.testing.assert_allclose(
        signal / signal.max(), z / z.max(), atol=2e-3)


def test_ecg(get_data):
    """8 equal entries in each column; beats have the height of the R wave."""
    data = get_data("ECGLike", n_times=384, n_dim=192, n_train=50)
    A, u = data["A"], data["u_train"]
    assert ((A > 0).sum(axis=0) == 8).all()
    np.testing.assert_allclose(np.linalg.norm(A, axis=0), 1)
    assert 0.9 <= u.max(axis=1).min() <= u.max() <= 1.01
    peaks = (u[:, 1:-1] > 0.6) & (u[:, 1:-1] > u[:, :-2]) & (
        u[:, 1:-1] >= u[:, 2:])
    # 3 s at 50 to 100 beats a minute
    assert 2 <= peaks.sum(axis=1).min() <= peaks.sum(axis=1).max() <= 6


@pytest.mark.parametrize(("name", "parameters", "message"), [
    ("Simulated", {"signals": "typo"},
     "signals must be blocks or jumps or sinus, got signals=typo"),
    ("Simulated", {"unit_norm": "typo"},
     "unit_norm must be rows or columns or neither, got unit_norm=typo"),
    ("Simulated", {"n_dim": -1}, "n_dim must be an integer >= 1, got n_dim"),
    ("Simulated", {"n_train": -1}, "n_train must be an integer >= 1, got"),
    ("Denoising", {"n_times": 2.5}, "n_times must be an integer >= 1, got"),
    ("fMRILike", {"n_test": 0}, "n_test must be an integer >= 1, got n_test"),
    ("Denoising", {"density": -1}, "density must be a number in [0, 1], got"),
    ("Denoising", {"density": 0.003, "signals": "jumps"},
     "density must be at least 1/n_times = 0.004 for jumps, got density"),
    ("ECGLike", {"snr_db": float("nan")}, "snr_db must be a finite number"),
    ("Denoising", {"noise": "typo"},
     "noise must be gaussian or laplace, got noise=typo"),
    ("Deconvolution", {"kernel": "typo"},
     "kernel must be gaussian or box or decay, got kernel=typo"),
    ("Deconvolution", {"n_taps": 1}, "n_taps must be 2 to n_times=120, got"),
    ("Deconvolution", {"n_taps": 121}, "got n_taps=121"),
    ("fMRILike", {"response": "box"}, "response must be spm or glover, got"),
    ("fMRILike", {"activity": "rest"}, "activity must be short or long, got"),
    ("fMRILike", {"t_r": 0}, "t_r must be 0.1 to 4 s, got t_r=0"),
    ("fMRILike", {"n_scans": 43}, "n_scans must be at least 44, the length"),
    ("ECGLike", {"n_dim": 7}, "n_dim must be 8 to n_times=256, got n_dim=7"),
])
def test_what_cannot_be_is_refused(refusal, name, parameters, message):
    assert message in refusal(name, **parameters)
