"""MEGLike, fMRILike and DictionaryLearning: the models behind the data."""
import shutil
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from benchopt.utils.dynamic_modules import _load_class_from_module
from nilearn.glm.first_level import compute_regressor

from unrolling.lasso import lasso_cost, solve_lasso

BENCHMARK = Path(__file__).parents[1]


@pytest.fixture
def get_data(suite):
    return cache(lambda name, **parameters: suite.make_dataset(
        name, **parameters).get_data())


@pytest.mark.parametrize(("name", "parameters"), [
    ("MEGLike", {}), ("fMRILike", {}), ("DictionaryLearning", {}),
    ("fMRILike", {"activity": "blocks"})])
def test_reference_is_certified(suite, name, parameters):
    """At the default sizes and levels of sparsity, on every problem."""
    dataset = suite.make_dataset(name, **parameters)
    for reg in (0.1, 0.5, 0.8):
        objective = type(suite.make_objective()).get_instance(reg=reg)
        assert objective._set_dataset(dataset) == (False, None)
        assert objective.reference.gap <= 1e-12


def test_meg_codes_and_noise(get_data):
    """x = D z + noise, which is white: the baseline's covariance is 5000
    samples', so that its inverse is too large by 20 / 5000 on average."""
    data = get_data("MEGLike", n_sensors=20, n_sources=60)
    for part, n_samples in (("train", 210), ("test", 126)):
        x, z = data[f"x_{part}"], data[f"z_{part}"]
        assert x.shape == (n_samples, 20)
        assert z.shape == (n_samples, 60)
        noise = x - z @ data["D"].T
        spread = 5 * np.sqrt(2 / noise.size)
        assert abs((noise**2).mean() - 1) <= spread + 2 * 20 / 5000
        correlation = noise.T @ noise / n_samples - np.eye(20)
        assert abs(correlation).max() <= 6 * np.sqrt(2 / n_samples)


def test_meg_events(get_data):
    """Of 3 dipoles each, 42 samples, 20 to 60 nA m at the most."""
    data = get_data("MEGLike")
    active = []
    for part in ("train", "test"):
        for event in data[f"z_{part}"].reshape(-1, 42, 1000):
            assert event.any(axis=0).sum() == 3
            active.append(frozenset(np.flatnonzero(event.any(axis=0))))
            peaks = abs(event).max(axis=0)
            assert peaks.max() <= 6e-8
    assert len(set(active)) == 8


def test_meg_field_is_of_the_size_that_is_measured(suite):
    """Some 10 to 1000 fT at a coil for a dipole of 50 nA m."""
    dataset = suite.make_dataset("MEGLike")
    leadfield = dataset.get_leadfield(np.random.default_rng(0))
    peak = 5e-8 * abs(leadfield).max(axis=0)
    assert leadfield.shape == (102, 1000)
    assert 1e-14 < np.median(peak) < 1e-12
    assert peak.max() < 2e-12
    assert peak.min() > 0


@pytest.mark.parametrize(("parameters", "message"), [
    ({"n_active": 0}, "n_active must be 1 to n_sources=1000"),
    ({"n_active": 1001}, "got n_active=1001"),
    ({"n_sensors": 1}, "n_sensors must be 2 to 4999"),
    ({"n_sensors": 5000}, "got n_sensors=5000"),
])
def test_meg_refuses(suite, parameters, message):
    suite.check_refused(
        suite.make_dataset("MEGLike", **parameters), message)


@pytest.mark.parametrize("response", ["spm", "glover"])
@pytest.mark.parametrize("t_r", [0.75, 1.0, 2.0])
def test_atoms_are_nilearns_regressors(get_data, response, t_r):
    """Each event at its scan; within the 0.06 s that nilearn's fine grids,
    of 50 and of 5 times as many steps, may differ by, at 0.4 / s at most."""
    data = get_data("fMRILike", response=response, t_r=t_r, n_scans=120)
    frames = t_r * np.arange(120)
    for j in (0, 7, 60):
        regressor = compute_regressor(
            (np.array([[j * t_r], [0.0], [1.0]])), response, frames,
            oversampling=250)[0][:, 0]
        atom = data["D"][:, j] / data["D"][:, 0].max()
        assert abs(atom - regressor / regressor.max()).max() <= 0.06 * 0.4
    assert data["D"].shape[1] == 120 - data["D"][:, 0].argmax()
    assert (data["D"].max(axis=0) == 1).all()


@pytest.mark.parametrize("activity", ["events", "blocks"])
def test_fmri_signal_and_noise(get_data, activity):
    """5 dB for each voxel; lag-1 correlation 0.4, within 5 standard errors."""
    data = get_data("fMRILike", activity=activity)
    signal = data["z_train"] @ data["D"].T
    noise = data["x_train"] - signal
    ratio = (signal**2).sum() / (noise**2).sum()
    assert 10 * np.log10(ratio) == pytest.approx(5, abs=0.2)
    noise /= np.sqrt((signal**2).mean(axis=1, keepdims=True))
    noise /= noise.std()
    lag = (noise[:, 1:] * noise[:, :-1]).mean()
    assert lag == pytest.approx(0.4, abs=5 / np.sqrt(noise.size))


@pytest.mark.parametrize(("activity", "fewest", "most"), [
    ("events", 0.05 - 0.005, 0.05 + 0.01), ("blocks", 0.2, 0.4)])
def test_fmri_activity_is_sparse(get_data, activity, fewest, most):
    """Starts at 0.05 / s; a block lasts 8 s on average, less overlaps."""
    z = get_data("fMRILike", activity=activity)["z_train"]
    assert z.min() == 0
    assert z.any(axis=1).all()
    assert fewest <= (z > 0).mean() <= most


@pytest.mark.parametrize(("parameters", "message"), [
    ({"activity": "rest"}, "activity must be events or blocks, got activity="),
    ({"response": "box"}, "response must be spm or glover, got response=box"),
    ({"t_r": 0}, "t_r must be 0.1 to 4 s, got t_r=0"),
    ({"n_scans": 20}, "n_scans must be at least 32, the length of a"),
])
def test_fmri_refuses(suite, parameters, message):
    suite.check_refused(
        suite.make_dataset("fMRILike", **parameters), message)


def test_without_nilearn(monkeypatch, tmp_path, capsys):
    """benchopt lists it as not installed, and says what is missing."""
    file = shutil.copy(BENCHMARK / "datasets/fmri_like.py", tmp_path)
    monkeypatch.setitem(sys.modules, "nilearn", None)
    monkeypatch.delitem(sys.modules, "unrolling.data.fmri")
    dataset = _load_class_from_module(BENCHMARK, file, "Dataset")
    assert (dataset.name, dataset.requirements) == (
        "fMRILike", ["pip::nilearn"])
    assert not dataset.is_installed()
    printed = capsys.readouterr().out
    assert "ModuleNotFoundError: No module named 'nilearn'" in printed


def test_learned_atoms_code_unseen_patches_better_than_patches(get_data):
    """Less than 0.9 times the cost with 144 training patches for atoms."""
    data = get_data("DictionaryLearning")
    assert data["D"].shape == (36, 144)
    np.testing.assert_allclose(np.linalg.norm(data["D"], axis=0), 1)
    x = data["x_test"][:200]
    learned, given = (
        lasso_cost(solve_lasso(D, x, 0.1).z, D, x, 0.1).mean()
        for D in (data["D"], data["x_train"][:144].T))
    assert learned < 0.9 * given


def test_train_and_test_patches_are_of_different_images(get_data):
    """Whole images as patches: none is in both."""
    data = get_data("DictionaryLearning", patch_size=8, n_atoms=2,
                    n_train=1198, n_test=599)
    images = np.concatenate([data["x_train"], data["x_test"]])
    assert len(set(map(bytes, images))) == 1797


@pytest.mark.parametrize(("parameters", "message"), [
    ({"patch_size": 9}, "patch_size must be 2 to 8, got patch_size=9"),
    ({"n_train": 10**6}, "n_train must be at most 10"),
    ({"n_test": 10**6}, "the patches there are, got n_test=1000000"),
])
def test_dictionary_learning_refuses(suite, parameters, message):
    suite.check_refused(
        suite.make_dataset("DictionaryLearning", **parameters), message)
