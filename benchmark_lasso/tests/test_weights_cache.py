"""Trained weights are found again, and only where they are the same."""
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import unrolling
from unrolling import training
from unrolling.bench.trained import weights_folder

PACKAGE = Path(unrolling.__file__).parent


@pytest.fixture
def forbid_training(monkeypatch):
    """A function after which no network can be trained."""
    def fail(*_, **__):
        pytest.fail("expected the weights from the cache, got a training")
    return lambda: monkeypatch.setattr(training, "fit", fail)


@pytest.fixture
def run(suite):
    """A new solver on the small problem, its weights cached."""
    def run(solver_class, n_layers, objective=None, **parameters):
        return suite.run(solver_class, objective or suite.make_objective(),
                         n_layers, **parameters)
    return run


def check_close(z, expected):
    """Codes of networks that were trained apart, of order 1.

    The last bit of a training may depend on where its arrays lie in memory,
    and L-BFGS and Adam carry it on.
    """
    np.testing.assert_allclose(z, expected, rtol=0, atol=1e-6)


def check_same(result, expected):
    """Of the same weights: products are rounded as threads share them."""
    np.testing.assert_allclose(result["z"], expected["z"], rtol=0, atol=1e-12)
    np.testing.assert_equal(result["training"], expected["training"])


def test_second_run_does_not_train(run, learned_class, forbid_training):
    """Same result, bit for bit; the time it took to train is kept too."""
    expected = run(learned_class, 3)
    forbid_training()
    check_same(run(learned_class, 3), expected)


def test_depths_in_any_order(suite, run, learned_class, weights_folder):
    """3 layers at once, or after 1 and 2: without the cache, too."""
    objective = suite.make_objective()
    direct, _ = suite.make_solver(learned_class, objective)
    direct.run_once(3)
    for file in weights_folder.iterdir():
        file.unlink()
    stepwise, _ = suite.make_solver(learned_class, objective)
    for n_layers in (1, 2, 3):
        stepwise.run_once(n_layers)
    check_close(stepwise.get_result()["z"], direct.get_result()["z"])
    stepwise.run_once(1)
    np.testing.assert_allclose(  # from the same file
        stepwise.get_result()["z"], run(learned_class, 1)["z"],
        rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("layerwise", "n_files"), [("scalars", 3), ("network", 3), ("none", 1)])
def test_each_depth_is_kept(run, weights_folder, layerwise, n_files):
    """Layer by layer, 3 layers pass by 1 and 2: a killed run loses one depth
    at most, and the time of a depth includes those before it."""
    run("Step-LISTA", 3, layerwise=layerwise)
    assert len(list(weights_folder.iterdir())) == n_files
    times = [
        run("Step-LISTA", n, layerwise=layerwise)["training"]["train_time_s"]
        for n in (1, 2, 3)]
    if layerwise != "none":
        assert 0 < times[0] < times[1] < times[2]


@pytest.mark.parametrize(("layerwise", "trained_before"), [
    ("scalars", [0, 0, 0]), ("best", [0, 0, 1, 0, 2])])
def test_where_arrays_start(suite, monkeypatch, layerwise, trained_before):
    """Once for each depth from the untrained ones; for the better of two
    networks, from those of the depth before, too, which may overfit."""
    starts, fit_all = [], training.fit_all

    def watched(network, *arguments):
        starts.append(network.layers)
        fit_all(network, *arguments)

    monkeypatch.setattr(training, "fit_all", watched)
    solver, _ = suite.make_solver(
        "Coupled-LISTA", suite.make_objective(), layerwise=layerwise)
    for n_layers in (1, 2, 3):
        solver.pre_run_hook(n_layers)
        assert not torch.equal(
            solver.trained.layers[0]["W"], solver.untrained.D)
    assert trained_before == [
        sum(not torch.equal(p["W"], solver.untrained.D) for p in layers)
        for layers in starts]


def test_depths_outside_the_schedule(run):
    """A depth that the schedule lacks starts from the one before."""
    result = run("Step-LISTA", 4)
    assert len(result["training"]["steps"]) == 4


def test_no_cache_is_for_results(benchmark, monkeypatch):
    """benchopt's --no-cache does not change where weights are."""
    monkeypatch.setattr(benchmark, "no_cache", True)
    assert benchmark.get_cache_location() is None
    assert weights_folder().name == "weights"


def test_zero_layers_need_no_training(run, learned_class, forbid_training):
    forbid_training()
    result = run(learned_class, 0)
    assert not result["z"].any()
    assert result["training"]["train_time_s"] == 0
    assert result["training"]["n_parameters"] == 0


@pytest.mark.parametrize("damage", ["empty", "truncated", "flipped"])
def test_a_damaged_file_is_trained_again(run, weights_folder, damage):
    expected = run("Step-LISTA", 1)
    (file,) = weights_folder.iterdir()
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes({"empty": b"", "truncated": content[:-5],
                      "flipped": content}[damage])
    with pytest.warns(UserWarning, match="expected sound weights(.|\n)*"
                      "training again"):
        result = run("Step-LISTA", 1)
    check_close(result["z"], expected["z"])
    check_same(run("Step-LISTA", 1), result)


def test_the_key_tells_apart(suite, learned_class):
    """Whatever changes the weights changes the key."""
    def key(data="codes", reg=0.3, data_seed=0, **parameters):
        objective = suite.make_objective(data, reg, data_seed)
        solver, reason = suite.make_solver(
            learned_class, objective, **parameters)
        return reason or solver.source  # a refusal, in its own words

    assert key() == key()
    keys = [
        key(), key(data="white"), key(reg=0.5), key(data_seed=1),
        key(seed=1), key(loss="supervised"), key(loss="semi-supervised"),
        key(layerwise="none"), key(layerwise="network"),
        key(perturbation=0.1), key(safeguarded=False),
    ]
    assert len(set(keys)) == len(keys)
    # how deep to go, later, is not part of it
    assert key(max_layers=7) == key()


def test_methods_do_not_share_a_key(suite, benchmark):
    keys = [suite.make_solver(name, suite.make_objective())[0].source
            for name in ("LISTA", "Coupled-LISTA", "Step-LISTA", "ALISTA")]
    assert len(set(keys)) == 4


@pytest.mark.parametrize("file", [
    "training.py", "transforms.py", "network.py", "lasso/problem.py",
    "lasso/network.py", "lasso/active_set.py", "the network's",
    "bench/solver.py", "bench/trained.py", "bench/criteria.py",
    "the solver's",
])
def test_the_key_sees_the_sources(suite, learned_class, monkeypatch, file):
    """An edit of the network, of what trains it, or of the solver, which
    decides what it trains on and starts from, is another key."""
    objective = suite.make_objective()
    before = suite.make_solver(learned_class, objective)[0].source
    owner = {"the network's": learned_class.network,
             "the solver's": learned_class}.get(file)
    edited = (Path(sys.modules[owner.__module__].__file__) if owner
              else PACKAGE / file)
    read_text = Path.read_text

    def read_edited(path, *arguments, **keywords):
        text = read_text(path, *arguments, **keywords)
        return text + "# edited" * (path.resolve() == edited.resolve())

    monkeypatch.setattr(Path, "read_text", read_edited)
    assert suite.make_solver(learned_class, objective)[0].source != before


def test_a_cache_that_cannot_be_written(run, weights_folder):
    """The result is the same; it is only not kept."""
    expected = run("Step-LISTA", 1)
    for file in weights_folder.iterdir():
        file.unlink()
    weights_folder.rmdir()
    weights_folder.write_text("in the way")
    with pytest.warns(UserWarning, match="expected a writable weights cache"):
        result = run("Step-LISTA", 1)
    check_close(result["z"], expected["z"])
