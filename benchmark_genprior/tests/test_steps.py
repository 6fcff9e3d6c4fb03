"""Steps, penalties and derivatives that solvers on generators share."""
import pytest
import torch


def test_curvature_is_the_largest_singular_value(suite):
    objective = suite.make_objective(data="simulated")
    z = torch.as_tensor(objective.z_start).float()
    J = suite.steps.jacobian(objective.G, z)
    for row, one in enumerate(z):
        exact = torch.autograd.functional.jacobian(objective.G, one[None])
        torch.testing.assert_close(
            J[row], exact[0, :, 0], rtol=1e-4, atol=1e-5)
    A = torch.as_tensor(objective.A).float()
    for matrix, given in ((J, None), (A @ J, A)):
        exact = torch.linalg.matrix_norm(matrix, ord=2).max().item() ** 2
        estimate = suite.steps.curvature(objective.G, z, given)
        assert 0.8 * exact <= estimate <= 1.001 * exact


def test_a_flat_start_leaves_the_curvature_of_the_others(suite):
    """One whose outputs are saturated has no gradient."""
    G = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Sigmoid())
    z = torch.tensor([[0.1, 0.2], [0.3, -0.1], [1e9, 1e9]])
    assert suite.steps.curvature(G, z, None) == pytest.approx(
        suite.steps.curvature(G, z[:2], None), rel=0.2)


def test_jacobian_in_blocks(suite, monkeypatch):
    objective = suite.make_objective(data="simulated")
    z = torch.as_tensor(objective.z_start).float()
    whole = suite.steps.jacobian(objective.G, z)
    monkeypatch.setattr(suite.steps, "COLUMNS", 4)
    torch.testing.assert_close(
        suite.steps.jacobian(objective.G, z), whole, rtol=1e-4, atol=1e-5)


def test_decoded_gradient(suite):
    """pull is the transpose of the derivative, in double."""
    G = torch.nn.Sequential(
        torch.nn.Linear(3, 7), torch.nn.ELU(), torch.nn.Linear(7, 5)).double()
    z = torch.randn(4, 3, dtype=torch.float64)
    v = torch.randn(4, 5, dtype=torch.float64)
    _, pull = suite.latent.decode(G, z)
    J = suite.steps.jacobian(G, z)
    torch.testing.assert_close(pull(v), (J.mT @ v[..., None])[..., 0])


def test_the_schedule_grows_and_shrinks(suite):
    """At most sqrt(t) of the first penalty, constant once feasible."""
    first = torch.tensor([[1.0], [1.0], [1.0]])
    schedule = suite.penalty.Schedule(first)
    never, at_once = 1e6, 0.0
    for t in range(100):
        middle = 0.9 / max(t, 1) ** 0.5
        schedule.update(t, torch.tensor([[never], [at_once], [middle]]))
        assert (schedule.sigma > 0).all()
        assert schedule.sigma.isfinite().all()
    grown, constant, _ = schedule.rho[:, 0].tolist()
    assert grown == pytest.approx(99**0.5, rel=1e-4)
    assert constant == schedule.sigma[1].item() == 1
    # sqrt(t) - sqrt(t - 1), over its first value
    assert schedule.sigma[0].item() == pytest.approx(
        (99**0.5 - 98**0.5) / (2**0.5 - 1), rel=1e-3)
    assert schedule.rho[2].item() < grown
