"""Networks: convolutions, derivatives, training, the cache."""
import json

import numpy as np
import pytest
import torch

LEARNED = "LPGD", "LPD"
SIZES = {"max_layers": 2, "width": 3, "hidden": 4, "epochs": 2,
         "batch_size": 8}
EACH = pytest.mark.parametrize("name", LEARNED)
MEMORIES = "none", "momentum", "lstm", "gru", "memoryless"


def make(suite, name, data="Deconvolution", **changes):
    """A learned solver and its untrained network."""
    solver, reason = suite.make_solver(
        name, suite.make_objective(data), **SIZES | changes)
    assert reason is None
    torch.manual_seed(0)
    return solver, solver.make_network(solver.physics)


def test_the_gradient_is_that_of_the_misfit(suite):
    """Central differences of 1/2 ||y - K||^2, in the network's units."""
    objective = suite.make_objective()
    physics = suite.physics.Physics(
        objective.K, objective.background, objective.train)
    y, x = objective.test.y, objective.test.x

    def misfit(x):
        return ((y - objective.K.forward(x)) ** 2).sum() / 2

    d, h = np.random.default_rng(1).standard_normal(x.shape), 1e-5
    slope = (misfit(x + h * d) - misfit(x - h * d)) / (2 * h)
    g = physics.gradient(physics.encode(x), y).double().numpy()
    unit = physics.y_scale * physics.g_scale
    assert -(g * d).sum() * unit == pytest.approx(slope, rel=1e-4, abs=1e-4)


def test_the_pull_is_differentiated_by_the_dual_variable(suite):
    """It is linear in h: <g, pull(h)> has the gradient J g."""
    objective = suite.make_objective()
    physics = suite.physics.Physics(
        objective.K, objective.background, objective.train)
    f = physics.encode(objective.test.x)
    h = torch.randn(len(f), objective.K.n_y, requires_grad=True)
    g = torch.randn(f.shape)
    value = (g * physics.pull(f, h)).sum()
    value.backward()
    assert (h * h.grad).sum().item() == pytest.approx(
        value.item(), rel=1e-4, abs=1e-3)


@EACH
@pytest.mark.parametrize("data", ["Deconvolution", "EIT"])
@pytest.mark.parametrize("memory", MEMORIES)
def test_every_network_runs_and_learns_all_its_parameters(
        suite, name, data, memory):
    solver, network = make(suite, name, data, memory=memory)
    network.loss(solver.samples).backward()
    unused = [n for n, p in network.named_parameters() if p.grad is None]
    assert not unused
    start = solver.start(solver.y)
    x = network.solve(solver.y, start)
    assert x.shape == start.shape
    assert np.isfinite(x).all()


@EACH
def test_no_layer_is_the_start(suite, name):
    solver, network = make(suite, name)
    start = solver.start(solver.y)
    np.testing.assert_allclose(
        network.solve(solver.y, start, 0), start, atol=1e-6)


@EACH
def test_samples_do_not_depend_on_each_other(suite, name):
    solver, network = make(suite, name, memory="lstm")
    start = solver.start(solver.y)
    together = network.solve(solver.y, start)
    alone = np.concatenate([
        network.solve(solver.y[n:n + 1], start[n:n + 1])
        for n in range(len(solver.y))])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_zero_convolutions_leave_the_start(suite):
    solver, network = make(suite, "LPGD")
    for block in network.blocks:
        torch.nn.init.zeros_(block[-1].linear.weight)
        torch.nn.init.zeros_(block[-1].linear.bias)
    start = solver.start(solver.y)
    np.testing.assert_allclose(
        network.solve(solver.y, start), start, atol=1e-6)


def test_convolutions_along_a_line_are_those_of_torch(suite):
    see = suite.convolutions.see_line
    ours = suite.convolutions.Convolution(see, 3, 2, 4)
    theirs = torch.nn.Conv1d(2, 4, 3, padding=1)
    # columns of the linear map: the channels before, here, after
    theirs.weight.data = ours.linear.weight.view(4, 3, 2).permute(0, 2, 1)
    theirs.bias.data = ours.linear.bias
    x = torch.randn(5, 2, 9)
    torch.testing.assert_close(
        ours(x.permute(2, 0, 1)).permute(1, 2, 0), theirs(x))


def test_graph_convolutions_do_not_see_the_numbering(suite, rng):
    edges = suite.disc.disc_mesh(4).edges
    order = rng.permutation(128)
    number = np.argsort(order)  # triangle order[k] becomes k
    torch.manual_seed(0)
    block = suite.convolutions.Convolutions(edges, 128, 2, 1, 4)
    renumbered = suite.convolutions.Convolutions(
        number[edges], 128, 2, 1, 4)
    renumbered.load_state_dict(block.state_dict())
    x = torch.randn(3, 2, 128)
    torch.testing.assert_close(
        block(x)[..., order], renumbered(x[..., order]))


def test_gradients_of_convolutions(suite):
    edges = np.array([[0, 1], [1, 2], [0, 3]])
    for block in (suite.convolutions.Convolutions(edges, 4, 2, 1, 3),
                  suite.convolutions.Convolutions(None, 4, 2, 1, 3)):
        block = block.double()
        for part in block:
            if hasattr(part, "see") and hasattr(part.see, "neighbours"):
                part.see.neighbours = part.see.neighbours.double()
        x = torch.randn(2, 2, 4, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(block, x)


def test_convolutions_are_drawn_as_torch_draws_them(suite):
    """Glorot's bound of a convolution of three entries."""
    torch.manual_seed(0)
    see, published = suite.convolutions.see_line, torch.nn.Conv1d(40, 90, 3)
    own = suite.convolutions.Convolution(see, 3, 40, 90)
    own.apply(suite.convolutions.xavier)
    torch.nn.init.xavier_uniform_(published.weight)
    # 10,800 draws tell the spread to 1 %
    assert own.linear.weight.std().item() == pytest.approx(
        published.weight.std().item(), rel=0.03)
    assert not own.linear.bias.any()


@pytest.mark.parametrize("name", [*LEARNED, "Feed-forward"])
def test_trained_and_cached_networks_are_the_same(
        suite, name, weights_folder):
    options = {} if name == "Feed-forward" else SIZES | {"memory": "lstm"}
    results = []
    for _ in range(2):
        solver, _ = suite.make_solver(
            name, suite.make_objective(), **{"epochs": 2} | options)
        solver.pre_run_hook(2)
        solver.run(2)
        results.append(solver.get_result())
        assert len(list(weights_folder.glob("*"))) == 1
    np.testing.assert_allclose(
        results[0]["x"], results[1]["x"], rtol=0, atol=1e-12)
    assert results[0]["training"] == results[1]["training"]
    json.dumps(results[0]["training"])


def test_the_cache_tells_problems_and_options_apart(suite, weights_folder):
    variants = [{}, {"epochs": 1}, {"width": 4}, {"memory": "gru"},
                {"batch_size": 4}]
    for changes in variants:
        solver, _ = make(suite, "LPGD", **changes)
        solver.pre_run_hook(1)
    for changes in ({"a": 2.0}, {"a": 2.0, "reference_jacobian": True}):
        solver, _ = suite.make_solver(
            "LPGD", suite.make_objective(**changes), **SIZES)
        solver.pre_run_hook(1)
    assert len(list(weights_folder.glob("*"))) == len(variants) + 2


def test_the_best_validation_epoch_is_kept(suite):
    solver, network = make(suite, "LPGD", epochs=6)
    info = suite.adam_training.train(
        network, solver.samples, solver.validation, 6, 8, seed=0)
    errors = info["validation_errors"]
    assert len(errors) == 7
    assert info["best_epoch"] == int(np.argmin(errors))
    assert suite.adam_training.mean_error(
        network, solver.validation) == pytest.approx(min(errors))
    assert min(errors) < errors[0]


def test_a_gradient_that_is_not_finite_changes_nothing(suite):
    solver, network = make(suite, "LPGD")
    before = suite.adam_training.weights_of(network)
    adam = torch.optim.Adam(network.parameters())
    bad = solver.samples.rows(slice(4))._replace(
        x=np.full((4, 53), np.nan))
    assert not suite.adam_training.step(network, adam, bad)
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])


@EACH
def test_unknown_memories_are_refused(suite, name):
    _, reason = suite.make_solver(
        name, suite.make_objective(), **SIZES | {"memory": "lsmt"})
    assert "memory must be one of" in reason
