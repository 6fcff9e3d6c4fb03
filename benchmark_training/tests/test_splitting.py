"""ADMM's blocks, multiplier, penalty and restarts."""
import numpy as np
import pytest


@pytest.mark.parametrize("rho", [0.01, 1.0, 50.0])
def test_the_multiplier_is_minus_the_gradient_of_the_penalty(suite, rho):
    """dual = -decay theta_2 after each derived update, exactly."""
    task = suite.make_objective("Toy-regression", decay=0.7).task
    solver, _ = suite.make_solver(
        "ADMM", suite.make_objective("Toy-regression", decay=0.7), rho=rho)
    rng = np.random.default_rng(4)
    split = suite.splitting.Split(task.start, rho)
    for _ in range(5):
        split.theta_1 = split.theta_1 + rng.standard_normal(
            task.start.shape)
        split.advance(solver.second_block(split))
        np.testing.assert_allclose(
            split.dual, -task.decay * split.theta_2, atol=1e-12 * rho + 1e-13)


def test_the_second_block_is_a_minimiser(suite):
    """Of g and the augmented terms: their gradient vanishes. The printed one
    does so at rho = 1 only."""
    objective = suite.make_objective("Toy-regression")
    rng = np.random.default_rng(5)
    for rho in (0.1, 1.0, 10.0):
        for update in ("derived", "printed"):
            solver, _ = suite.make_solver(
                "ADMM", objective, rho=rho, update=update)
            split = suite.splitting.Split(objective.task.start, rho)
            split.theta_1, split.dual = rng.standard_normal(
                (2, len(split.dual)))
            split.theta_2 = solver.second_block(split)
            slope = objective.task.decay * split.theta_2 + split.slope_2()
            vanishes = abs(slope).max() < 1e-12
            assert vanishes == (update == "derived" or rho == 1)


def test_augmented_terms(suite):
    """Their slopes, by differences of <dual, gap> + rho/2 ||gap||^2."""
    rng = np.random.default_rng(6)
    split = suite.splitting.Split(np.zeros(4), 0.7)
    split.theta_1, split.theta_2, split.dual = rng.standard_normal((3, 4))

    def terms(theta_1, theta_2):
        gap = theta_2 - theta_1
        return split.dual @ gap + split.rho / 2 * gap @ gap

    h, e = 1e-6, np.eye(4)
    one, two = split.theta_1, split.theta_2
    slopes = [[(terms(one + h * d, two) - terms(one - h * d, two)) / (2 * h),
               (terms(one, two + h * d) - terms(one, two - h * d)) / (2 * h)]
              for d in e]
    np.testing.assert_allclose(
        np.transpose(slopes), [split.slope_1(), split.slope_2()], atol=1e-8)


def test_rho_follows_the_larger_residual(suite):
    """It grows where the blocks differ, and falls where theta_2 moves."""
    split = suite.splitting.Split(np.zeros(2), 1.0, "balanced")
    split.theta_1 = np.ones(2)
    split.advance(np.full(2, 1e-3))
    assert split.rho == 2
    split.theta_1 = np.full(2, 5.0)
    split.advance(np.full(2, 5.0))
    assert split.rho == 1


def test_restarts(suite):
    """After two iterations of two steps, and three plain steps on F."""
    solver, _ = suite.make_solver(
        "ADMM", suite.make_objective("Toy-regression"), rho=1.0, n_inner=2,
        restart_every=2, n_plain=3)
    results = solver.iterates(np.random.default_rng(0))
    path = [next(results) for _ in range(10)]
    together = [(r["theta"] == r["theta_2"]).all() for r in path]
    assert together == [True] + 4 * [False] + 3 * [True] + 2 * [False]


def test_a_larger_rho_keeps_the_blocks_together(suite):
    """Each step of Adam on a block is as long as the step size, so that rho
    acts on the directions."""
    gaps = [np.linalg.norm(split["theta_d"] - split["theta_2"])
            for rho in (0.01, 1.0, 100.0)
            for split in [suite.run("Split-GAN", "Ring", 100, rho=rho)]]
    assert 0 < gaps[2] < gaps[1] < gaps[0]


@pytest.mark.parametrize(("parameters", "message"), [
    ({"update": "no"}, "update must be one of derived, printed, got no"),
    ({"inner": "no"}, "inner must be one of sgd, adam, got no"),
    ({"schedule": "no"}, "schedule must be one of"),
    ({"n_plain": 5}, "n_plain needs restart_every")])
def test_refused_parameters(suite, parameters, message):
    _, reason = suite.make_solver(
        "ADMM", suite.make_objective("Toy-regression"), **parameters)
    assert message in reason
