"""Data have the shapes and the properties that their docstrings promise."""
import numpy as np
import pytest
import torch


def test_seeds_draw_the_data(suite, dataset_class):
    first, again, other = (suite.make_dataset(
        dataset_class, seed, **dataset_class.test_config).get_data()
        for seed in (0, 0, 1))
    for name in ("phi_train", "target_train", "phi_test", "target_test"):
        assert torch.equal(first[name], again[name])
        assert not torch.equal(first[name], other[name])
        assert first[name].dtype == torch.float64
    assert not torch.equal(first["phi_train"], first["phi_test"])


@pytest.mark.parametrize("gamma", [3.0, 1.0, 0.01])
def test_expert_solutions_are_on_the_simplex(suite, gamma):
    data = suite.make_dataset("Simplex", gamma=gamma).get_data()
    x = data["target_train"]
    assert (x >= 0).all()
    torch.testing.assert_close(x.sum(1), torch.ones(200).double())
    vertices = (x.amax(1) == 1).double().mean()
    assert vertices > 0.9 if gamma == 0.01 else vertices < 0.9


def test_ranks_are_permutations(suite):
    ranks = suite.make_dataset("Ranking").get_data()["target_train"]
    ordered = ranks.sort(1).values
    torch.testing.assert_close(
        ordered, torch.linspace(0, 1, 8, dtype=torch.float64).expand(200, 8))
    assert len(np.unique(ranks.numpy(), axis=0)) > 50


def test_noise_is_what_keeps_ranks_from_being_learned(suite):
    """Without it Fenchel-Young, which is convex, learns them."""
    losses = []
    for noise in (0.0, 1.0):
        objective = suite.make_objective(
            "ranking", n_train=100, noise=noise, gamma=0.01)
        solver = suite.ready("Fenchel-Young", objective, step_size=1.0)
        solver.run_once(100)
        losses.append(objective.evaluate_result(
            **solver.get_result())["value"])
    assert losses[0] < 0.3 * losses[1]


def test_large_weights_give_zeros(suite):
    shares = []
    for weight in (2.0, 0.05):
        objective = suite.make_objective("l1", weight=weight, n_train=50)
        w = objective.model(objective.theta_start, objective.train[0])
        shares.append((objective.layer.solve(w).x == 0).double().mean())
    assert shares[0] > 0.7 > 0.5 > shares[1]


@pytest.mark.parametrize(("data", "name", "value"), [
    ("Simplex", "gamma", 0.0), ("Simplex", "regularizer", "cubic"),
    ("Simplex", "n_dim", 0), ("Ranking", "gamma", 0), ("Ranking", "gamma", -1),
    ("Ranking", "n_labels", 1), ("Ranking", "n_features", 2.5),
    ("Portfolio", "risk", 0), ("Portfolio", "n_assets", 0),
    ("Weighted-l1", "weight", -1), ("Weighted-l1", "weight", 0),
    ("Weighted-l1", "n_test", 0),
    *((data, "noise", value) for value in (-1.0, np.nan)
      for data in ("Ranking", "Portfolio", "Weighted-l1"))])
def test_bad_parameters_are_refused(suite, data, name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        suite.load(suite.make_dataset(data, **{name: value}))
