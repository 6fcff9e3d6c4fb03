"""Data are scaled and checked; metrics are what they are said to be."""
import re

import numpy as np
import pytest

from unrolling.lasso import lasso_cost, solve_lasso


def test_samples_have_unit_norm(suite):
    for data in ({}, {"data": "Patches", "images": "digits", "size": 4,
                      "n_train": 90, "n_test": 30}):
        objective = suite.make_objective(**data)
        for x in (objective.x_train, objective.x_test):
            np.testing.assert_allclose(np.linalg.norm(x, axis=1), 1)
        np.testing.assert_array_equal(
            objective.D_init, objective.x_train[:24].T)


def test_metrics_ignore_order_and_signs_of_atoms(suite):
    objective = suite.make_objective()
    rng = np.random.default_rng(0)
    D = objective.D_true
    other = D[:, rng.permutation(24)] * rng.choice([-1, 1], 24)
    one, two = objective.evaluate_result(D), objective.evaluate_result(other)
    assert one["recovery"] == pytest.approx(1)
    assert one == pytest.approx(two, rel=1e-6, abs=1e-9)
    assert suite.objective_file.recovery(objective.D_init, D) < 0.9


def test_value_is_below_the_cost_of_any_codes(suite):
    objective = suite.make_objective()
    D, x = objective.D_init, objective.x_train
    z = np.random.default_rng(0).standard_normal((len(x), 24)) / 10
    metrics = objective.evaluate_result(D, z)
    assert metrics["value_at_codes"] == pytest.approx(
        lasso_cost(z, D, x, 0.1).mean())
    assert metrics["value"] < metrics["value_at_codes"]
    assert metrics["value"] < 0.5  # of zero codes


def test_an_atom_that_is_zero_has_no_say(suite):
    """F is that of the other atoms, and 1/2 if all are zero."""
    objective = suite.make_objective()
    D = objective.D_init.copy()
    D[:, [3, 7]] = 0
    metrics = objective.evaluate_result(D, np.zeros((len(
        objective.x_train), 24)))
    rest = np.delete(D, [3, 7], axis=1)
    z = solve_lasso(rest, objective.x_train, 0.1, 1e-10).z
    assert metrics["value"] == pytest.approx(
        lasso_cost(z, rest, objective.x_train, 0.1).mean(), rel=1e-6)
    assert metrics["value_at_codes"] == pytest.approx(0.5)
    assert 0 < metrics["recovery"] < 1
    nothing = objective.evaluate_result(0 * D)
    assert nothing["value"] == nothing["value_test"] == pytest.approx(0.5)
    assert nothing["stationarity"] == nothing["recovery"] == 0


@pytest.mark.parametrize(("name", "value", "expected"), [
    *(("reg", reg, "a number in (0, 1)") for reg in (0, -1, 1, np.nan, "0.1")),
    *(("n_atoms", n, "an integer >= 1") for n in (0, 20.5)),
    *(("max_time", time, "a positive number") for time in (-1, 0, "3"))])
def test_bad_options_are_refused(benchmark, suite, name, value, expected):
    objective = benchmark.get_benchmark_objective().get_instance(
        **{name: value})
    skip, reason = objective.skip(**suite.make_dataset().get_data())
    assert skip
    assert f"{name} must be {expected}, got {name}={value!r}" in reason


def spoiled(problem, spoil):
    """A copy of the data of a data set, changed."""
    problem = {name: v.copy() for name, v in problem.items()}
    spoil(problem)
    return problem


@pytest.mark.parametrize(("spoil", "expected"), [
    (lambda p: p["x_train"].__setitem__(3, 0), "x_train.*zero in rows .3."),
    (lambda p: p["x_test"].__setitem__((2, 1), np.nan), "x_test.*rows .2."),
    (lambda p: p["x_train"].__setitem__((1, 0), np.inf), "x_train.*rows .1."),
    (lambda p: p.update(x_test=p["x_test"][:, :3]), "x_test.*16, got 3"),
    (lambda p: p.update(x_test=p["x_test"][:0]), "x_test.*n_samples >= 1"),
    (lambda p: p.update(x_train=p["x_train"][:5]), "n_atoms.*samples, 5,"),
    (lambda p: p["D"].__setitem__((slice(None), 4), 0), "zeros in columns"),
])
def test_bad_data_are_refused(benchmark, suite, spoil, expected):
    objective = benchmark.get_benchmark_objective().get_instance(n_atoms=24)
    problem = spoiled(suite.make_dataset().get_data(), spoil)
    skip, reason = objective.skip(**problem)
    assert skip
    assert re.search(expected, reason), reason


@pytest.mark.parametrize(("change", "expected"), [
    (lambda D: D[:, 1:], "shape"), (lambda D: D * np.nan, "got nan"),
    (lambda D: 1.01 * D, r"\|\|d_j\|\| <= 1"),
])
def test_bad_dictionaries_are_refused(suite, change, expected):
    objective = suite.make_objective()
    with pytest.raises(ValueError, match=expected):
        objective.evaluate_result(change(objective.D_init))


def test_patches_are_disjoint_centred_and_reproducible(suite):
    for images, size in (("digits", 4), ("china", 8)):
        data, other = (suite.make_dataset(
            "Patches", seed, images=images, size=size, n_train=300,
            n_test=100).get_data() for seed in (0, 1))
        assert data["x_train"].shape == (300, size**2)
        assert data["x_test"].shape == (100, size**2)
        x = np.concatenate(list(data.values()))
        np.testing.assert_allclose(x.mean(axis=1), 0, atol=1e-12)
        assert (abs(x).max(axis=1) > 0).all()
        assert (other["x_train"] != data["x_train"]).any()


@pytest.mark.parametrize(("name", "parameters", "expected"), [
    ("Patches", {"images": "faces"}, "china or digits, got images=faces"),
    ("Patches", {"images": "digits", "size": 9}, "2 to 8, got size=9"),
    ("Patches", {"images": "digits", "size": 8, "n_train": 5000},
     "got 1347 and 450"),
    ("Patches", {"size": 4.5}, "got size=4.5"),
    ("Patches", {"n_train": -5}, "n_train must be an integer >= 1"),
    ("Simulated", {"density": 2}, "got density=2"),
    ("Simulated", {"n_atoms": 0}, "n_atoms must be an integer >= 1"),
    ("Simulated", {"n_train": 60.5}, "got n_train=60.5"),
])
def test_bad_parameters_are_refused(benchmark, suite, name, parameters,
                                    expected):
    objective = benchmark.get_benchmark_objective().get_instance()
    skip, reason = objective.skip(**suite.make_dataset(
        name, **parameters).get_data())
    assert skip
    assert expected in reason


def test_planted_codes_are_sparse(suite):
    """Noiseless samples are combinations of one atom at least."""
    data = suite.make_dataset(noise=0.0, density=1e-9).get_data()
    cosine = abs(data["x_train"] @ data["D"]) / np.linalg.norm(
        data["x_train"], axis=1, keepdims=True)
    np.testing.assert_allclose(cosine.max(axis=1), 1)
