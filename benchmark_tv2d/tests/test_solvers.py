"""Every solver reaches the certified optimum; the network is its algorithm."""
import numpy as np
import pytest
import torch

from unrolling.differences import nabla_adjoint, nabla_norm2
from unrolling.testing import check_network

N_ITER = {"PGD": 1000, "FISTA": 1000, "Condat-Vu": 10_000,
          "Chambolle-Pock": 6000}
"""Iterations of a run to the end, where they are not 3000."""


def problem(suite, solver_class, objective):
    """The test is skipped where the solver is, with its reason."""
    _, reason = suite.make_solver(solver_class, objective)
    if reason is not None:
        pytest.skip(reason)


VARIANTS = pytest.mark.parametrize(("name", "parameters"), [
    ("Dual-FGP", {"restart": False}),
    ("Dual-FGP", {"accelerated": False}),
    ("FISTA", {"restart": False}),
    ("Chambolle-Pock", {"accelerated": True, "dual_step": 0.3})])


@pytest.mark.parametrize("tv", ["isotropic", "anisotropic"])
@pytest.mark.parametrize("blurred", [False, True])
@pytest.mark.parametrize("shape", [(1, 6), (6, 1), (5, 7)])
def test_all_reach_one_optimum(suite, classical_class, shape, blurred, tv):
    objective = suite.make_objective(shape, blurred, tv)
    problem(suite, classical_class, objective)
    n_iter = N_ITER.get(classical_class.name, 3000)
    u = suite.run(classical_class, objective, n_iter)["u"]
    assert objective.evaluate_result(u=u)["duality_gap"] <= 1e-6


@VARIANTS
@pytest.mark.parametrize("tv", ["isotropic", "anisotropic"])
def test_variants_reach_it_too(suite, name, parameters, tv):
    objective = suite.make_objective(tv=tv)
    u = suite.run(name, objective, 6000, **parameters)["u"]
    assert objective.evaluate_result(u=u)["duality_gap"] <= 1e-6


def test_steps_of_condat_vu_are_within_its_theorem(suite):
    """1/tau - sigma ||nabla||^2 > L/2, strictly."""
    norm2 = nabla_norm2(6, 9)
    for L, sigma in ((1.0, 0.1), (0.3, 20.0)):
        tau = suite.tv2d.condat_vu_step(L, sigma, (6, 9))
        bound = L / 2 + sigma * norm2
        assert 1.001 * bound < 1 / tau < 1.02 * bound


def test_what_is_copied_is_within_it_too(suite):
    """The first step of the template is tau A'(Ax - x), without a dual."""
    objective = suite.make_objective(blurred=True)
    A, x = suite.pixels.Convolution(objective.spectrum), objective.x_test
    u = suite.run(suite.template, objective, 1)["u"]
    gradient = A(A(x) - x)
    tau = ((x - u) * gradient).sum() / (gradient**2).sum()
    sigma = suite.template.get_instance().dual_step * objective.lmbd
    bound = A.L / 2 + sigma * nabla_norm2(*x.shape[1:])
    assert 1 / tau > 1.001 * bound


@pytest.mark.parametrize("name", ["ADMM", "Chambolle-Pock", "Condat-Vu"])
@pytest.mark.parametrize(("blur", "noise", "lmbd"), [
    (0.0, 0.1, 0.1), (1.0, 0.02, 0.002)])
def test_default_dual_step_is_tuned(suite, name, blur, noise, lmbd):
    """Cartoons: a tenth of it and ten times it are worse, for denoising and
    for deblurring with a penalty that is 50 times smaller."""
    objective = suite.load(suite.make_dataset(
        "Simulated", size=16, blur=blur, noise=noise, n_train=1, n_test=5),
        lmbd=lmbd, tv="isotropic")
    default = suite.get_class(name).get_instance().dual_step
    small, gap, large = (
        objective.evaluate_result(**suite.run(
            name, objective, 100, dual_step=factor * default))[
                "suboptimality"]
        for factor in (0.1, 1, 10))
    assert gap < min(small, large)


def test_zero_iterations_is_the_start(suite, classical_class):
    objective = suite.make_objective()
    u = suite.run(classical_class, objective, 0)["u"]
    np.testing.assert_array_equal(u, objective.x_test)


def test_torch_equals_numpy(suite, classical_class):
    blurred = classical_class.name != "Dual-FGP"
    objective = suite.make_objective(blurred=blurred)
    in_torch, in_numpy = (
        suite.run(classical_class, objective, 30, backend=backend)["u"]
        for backend in ("torch", "numpy"))
    np.testing.assert_allclose(in_torch, in_numpy, rtol=0, atol=1e-10)


def test_denoising_only(suite):
    _, reason = suite.make_solver(
        "Dual-FGP", suite.make_objective(blurred=True))
    assert "needs A = I" in reason


def test_acceleration_needs_a_strongly_convex_fit(suite):
    _, reason = suite.make_solver(
        "Chambolle-Pock", suite.make_objective(blurred=True),
        accelerated=True)
    assert "accelerated=True needs a data fit that is strongly" in reason


@pytest.mark.parametrize("dual_step", [0.3, 3.0, 30.0])
def test_bound_of_accelerated_chambolle_pock(suite, dual_step):
    """Equation 41 of the paper, for gamma = 1: ||u - u*||^2 <= tau_n^2 (||u*
    - u_0||^2 / tau_0^2 + ||nabla||^2 ||p*||^2), where ||p*||^2 is at most
    lmbd^2 times the number of pixels. The reference is within sqrt(2 gap) of
    u*."""
    objective = suite.make_objective()
    _, x, lmbd, _ = objective.problem
    reference = objective.reference
    near = (2 * (reference.cost - reference.bound).clip(0)) ** 0.5
    norm2 = nabla_norm2(*x.shape[1:])
    distance = np.linalg.norm(reference.u - x, axis=(1, 2)) + near
    tau = first = 1 / (dual_step * lmbd * norm2)
    for n in range(1, 41):
        tau *= (1 + 2 * tau) ** -0.5
        if n not in (1, 5, 20, 40):
            continue
        u = suite.run("Chambolle-Pock", objective, n, accelerated=True,
                      dual_step=dual_step)["u"]
        bound = tau * ((distance / first) ** 2
                       + norm2 * lmbd**2 * x[0].size) ** 0.5
        assert (np.linalg.norm(u - reference.u, axis=(1, 2))
                <= bound + near).all()


@pytest.mark.parametrize("restart", [True, False])
def test_bound_of_dual_fgp(suite, restart):
    """FISTA's rate, for the dual: the excess is below 2 ||nabla||^2 ||p*||^2
    / (n + 1)^2, and ||p*||^2 below lmbd^2 times the number of entries."""
    objective = suite.make_objective()
    A, x, lmbd, isotropic = objective.problem
    fgp = suite.fgp.fgp(x, lmbd, isotropic, restart=restart)
    norm2 = nabla_norm2(*x.shape[1:])
    p_norm2 = lmbd**2 * x[0].size
    for n, p in enumerate(fgp):
        image = x - nabla_adjoint(p)
        dual = 0.5 * ((x**2).sum(axis=(1, 2)) - (image**2).sum(axis=(1, 2)))
        excess = objective.reference.cost - dual
        if n:
            assert (excess <= 2 * norm2 * p_norm2 / (n + 1) ** 2
                    + 1e-12).all()
        if n == 50:
            break


@pytest.mark.parametrize("tv", ["isotropic", "anisotropic"])
@pytest.mark.parametrize("blurred", [False, True])
def test_untrained_network_is_its_algorithm(
        suite, learned_class, blurred, tv):
    objective = suite.make_objective(blurred=blurred, tv=tv)
    solver, reason = suite.make_solver(learned_class, objective)
    assert reason is None
    network = solver.untrained
    network.guarded = False
    for depth in (0, 1, 5):
        expected = suite.run(network.unrolls, objective, depth)["u"]
        np.testing.assert_allclose(
            network.with_layers([], {}).grow(depth)(objective.x_test),
            expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("tv", ["isotropic", "anisotropic"])
def test_derivatives(suite, learned_class, tv):
    objective = suite.make_objective((2, 3), blurred=True, tv=tv)
    solver, _ = suite.make_solver(learned_class, objective)
    check_network(solver.untrained, objective.x_test[:2], n_layers=2)


def test_a_layer_is_one_transform(suite, monkeypatch):
    """A'A u in each layer, and A'x once a batch, the empty one included,
    which says what shape outputs have."""
    objective = suite.make_objective(blurred=True)
    solver, _ = suite.make_solver("Step-Condat-Vu", objective)
    network, calls = solver.untrained.grow(10), []
    network.guarded = False
    convolution = suite.pixels.Convolution
    filtered = convolution.filtered
    monkeypatch.setattr(convolution, "filtered", lambda *arguments: (
        calls.append(1), filtered(*arguments))[1])
    network(objective.x_test, batch_size=len(objective.x_test))
    assert len(calls) <= 10 + 2


def test_training_pays(suite, learned_class):
    objective = suite.make_objective()
    untrained, trained = (
        objective.evaluate_result(**suite.run(
            learned_class, objective, 3, loss=loss))
        for loss in ("none", "unsupervised"))
    assert trained["suboptimality"] < untrained["suboptimality"]
    assert trained["n_parameters"] == 6
    assert trained["train_time_s"] > 0


def test_targets_and_precision(suite, learned_class):
    """Semi-supervised targets are the minimisers; single precision is close.
    """
    objective = suite.make_objective(blurred=True)
    solver, reason = suite.make_solver(
        learned_class, objective, loss="semi-supervised")
    assert reason is None
    network = solver.untrained
    cost = network.as_batch(objective.x_train)
    network.bind(cost)
    best = network.cost(torch.as_tensor(solver.samples[1]))
    assert (best <= network.cost(cost)).all()
    deep = network.grow(3)
    np.testing.assert_allclose(
        deep.to(dtype=torch.float32)(objective.x_test),
        deep(objective.x_test), rtol=0, atol=1e-5)


def test_networks_refuse_other_shapes(suite, learned_class):
    solver, _ = suite.make_solver(learned_class, suite.make_objective())
    with pytest.raises(ValueError, match="height, width"):
        solver.untrained.grow(1)(np.zeros((2, 5, 6)))
