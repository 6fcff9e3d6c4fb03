"""Solvers that have no generator: Lasso, LMMSE and total variation."""
import numpy as np


def test_lasso_is_tuned_on_training_images(suite):
    objective = suite.make_objective("inpainting", 0.3)
    for basis in ("dct", "haar"):
        solver, reason = suite.make_solver("Lasso", objective, basis=basis)
        assert reason is None
        solver.pre_run_hook(1)
        solver.run(1)
        result = solver.get_result()
        assert result["train_time_s"] > 0
        train = {
            reg: ((solver.images(
                objective.A, objective.b_tuning, reg).clip(0, 1)
                - objective.tuning) ** 2).mean() for reg in solver.regs}
        assert result["reg"] == min(train, key=train.get)
        assert abs(result["images"] - 0.5).max() <= 0.5
        metrics = objective.evaluate_result(**result)
        assert metrics["measurement_error"] < (
            0.5 * (objective.b**2).sum(axis=1).mean())
        assert np.isnan(metrics["value"]), "it solves another problem"


def test_lmmse_leaves_errors_that_the_measurements_do_not_explain(suite):
    """The orthogonality principle, on the images that it learns from: errors
    have mean 0 and no covariance with the measurements, if there is no noise;
    a larger variance of the noise draws estimates towards the mean."""
    objective = suite.make_objective(level=0.4)
    solver, reason = suite.make_solver("LMMSE", objective)
    assert reason is None
    images = np.random.default_rng(0).random((60, objective.A.shape[1]))
    solver.learn(images)
    b = images @ objective.A.T
    errors = images - solver.images(objective.A, b, 0.0)
    np.testing.assert_allclose(errors.mean(axis=0), 0, atol=1e-10)
    np.testing.assert_allclose(
        errors.T @ (b - b.mean(axis=0)), 0, atol=1e-8)
    spreads = [solver.images(objective.A, b, reg).var(axis=0).sum()
               for reg in (0.0, 0.1, 1.0)]
    assert spreads[0] > spreads[1] > spreads[2]


def test_lmmse_is_tuned_on_images_that_it_has_not_learned(suite):
    """Of those that it has, 20 in 50, the covariance holds each exactly, and
    the least penalty would be the best."""
    objective = suite.make_objective("compressed_sensing", 0.3, "simulated")
    solver, _ = suite.make_solver("LMMSE", objective)
    solver.pre_run_hook(1)
    assert solver.reg > min(solver.regs)


def test_lmmse_of_pixels_that_never_change_is_the_mean(suite):
    objective = suite.make_objective("compressed_sensing", 0.3)
    solver, _ = suite.make_solver("LMMSE", objective)
    n = objective.A.shape[1]
    images = np.random.default_rng(0).random((30, n))
    images[:, 0] = 0.5
    solver.learn(images)
    w = solver.images(np.eye(n)[:1], np.full((2, 1), 0.5), 1e-6)
    np.testing.assert_allclose(w, [images.mean(axis=0)] * 2)


def test_total_variation_is_minimised(suite):
    """No image nearby costs less, nor along one pixel or the mean."""
    objective = suite.make_objective("compressed_sensing", 0.5)
    solver, _ = suite.make_solver("TV", objective)
    A, b = objective.A, objective.b
    short = {reg: solver.images(A, b, reg) for reg in solver.regs[::4]}
    solver.n_iter = 5000
    reg = 0.1
    w = solver.images(A, b, reg)

    def cost(w, reg=reg):
        lmbd = reg * abs(b @ A).max(axis=1)
        image = w.reshape(-1, *objective.shape)
        down, right = np.zeros((2, *image.shape))
        down[:, :-1] = np.diff(image, axis=1)
        right[:, :, :-1] = np.diff(image, axis=2)
        return (0.5 * ((w @ A.T - b) ** 2).sum(axis=1)
                + lmbd * np.hypot(down, right).sum(axis=(1, 2)))

    for other, images in short.items():
        assert (cost(images, other) <= 1.001 * cost(
            solver.images(A, b, other), other)).all(), other
    rng = np.random.default_rng(0)
    least = cost(w)
    for size in (1e-4, 1e-2, 1):
        for _ in range(50):
            nearby = w + size * rng.standard_normal(w.shape)
            assert (cost(nearby) >= least - 1e-9).all()
    for direction in [*np.eye(w.shape[1]), np.ones(w.shape[1])]:
        for size in (1e-4, -1e-4):
            assert (cost(w + size * direction) >= least - 1e-9).all()
