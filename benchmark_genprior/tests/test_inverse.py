"""Losses: gradients, proximal operators, measurements."""
import numpy as np
import pytest
import torch

N, N_PIXELS, M = 4, 9, 5
RHO = torch.tensor([[0.1], [1.0], [3.0], [30.0]], dtype=torch.float64)


def random(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def make_fit(suite, name):
    """A loss of random measurements, in double."""
    nonsmooth = name in ("l1", "linf")
    A = (torch.eye(N_PIXELS, dtype=torch.float64) if nonsmooth
         else random(M, N_PIXELS))
    return suite.inverse.LOSSES[name](
        A, random(N, len(A), seed=1).abs()), random(N, N_PIXELS, seed=2)


@pytest.mark.parametrize("name", ["l2", "amplitude", "l1", "linf"])
def test_gradient_is_that_of_the_error(suite, name):
    fit, w = make_fit(suite, name)
    w.requires_grad_()
    [expected] = torch.autograd.grad(fit.error(w).sum(), w)
    torch.testing.assert_close(fit.grad(w.detach()), expected)


def test_tied_pixels_share_the_subgradient(suite):
    """g is a subgradient: L(v) >= L(w) + g'(v - w) for all v."""
    b = torch.zeros(1, 4, dtype=torch.float64)
    fit = suite.inverse.Largest(torch.eye(4), b)
    w = torch.tensor([[1.0, -1.0, 0.5, 0.0]], dtype=torch.float64)
    v = random(1000, 4)
    assert (fit.error(v) >= fit.error(w) + (v - w) @ fit.grad(w)[0] - 1e-12
            ).all()


@pytest.mark.parametrize("name", ["l2", "l1", "linf"])
def test_prox_beats_random_points(suite, name):
    fit, v = make_fit(suite, name)

    def cost(w):
        return fit.error(w) + RHO[:, 0] / 2 * ((w - v) ** 2).sum(1)

    p = fit.prox(v, RHO)
    for radius in (1e-3, 1e-1, 1):
        for seed in range(100):
            other = p + radius * random(N, N_PIXELS, seed=seed)
            assert (cost(p) <= cost(other) + 1e-12).all()


@pytest.mark.parametrize("m", [3, N_PIXELS, 14])
def test_prox_of_least_squares_is_stationary(suite, m):
    """Wide, square and tall A: A'(Aw - b) + rho (w - v) = 0."""
    A, b, v = random(m, N_PIXELS), random(N, m, seed=1), random(N, N_PIXELS)
    fit = suite.inverse.LeastSquares(A, b)
    w = fit.prox(v, RHO)
    slope = fit.grad(w) + RHO * (w - v)
    bound = 100 * torch.finfo(torch.float64).eps * (1 + RHO) * A.norm() ** 2
    assert (slope.abs() <= bound * v.abs().max()).all()


def test_prox_of_l_inf_satisfies_moreau(suite):
    """rho (v - prox) is in the l1-ball, and a subgradient at the prox."""
    fit, v = make_fit(suite, "linf")
    p = fit.prox(v, RHO)
    dual = RHO * (v - p)
    assert (dual.abs().sum(1) <= 1 + 1e-12).all()
    far = fit.error(p)
    active = far > 1e-12
    torch.testing.assert_close(
        (dual * (p - fit.b)).sum(1)[active], far[active])


@pytest.mark.parametrize("name", ["l1", "linf"])
def test_the_unit_is_where_the_prox_begins_to_act(suite, name):
    """Below it the prox of l_inf is b itself; that of l_1, too."""
    fit, w = make_fit(suite, name)
    below = fit.prox(w, 0.99 * fit.unit(w))
    torch.testing.assert_close(below, fit.b)
    above = fit.prox(w, 1.01 * fit.unit(w))
    assert ((above - fit.b).abs().sum(1) > 0).all()


def test_curvature_bounds_the_gradient(suite):
    fit, w = make_fit(suite, "l2")
    v = random(N, N_PIXELS, seed=5)
    change = (fit.grad(w) - fit.grad(v)).norm(dim=1)
    assert (change <= fit.curvature() * (w - v).norm(dim=1) + 1e-12).all()


PROBLEMS = {"compressed_sensing": 0.5, "inpainting": 0.3, "deblurring": 0.8,
            "phase_retrieval": 2.0}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_operators(suite, problem):
    """Shapes, norms, and <A w, v> = <w, A' v> of what measures."""
    rng = np.random.default_rng(0)
    images = rng.random((3, 30))
    level = PROBLEMS[problem]
    A, b = suite.operators.measure(problem, level, 0.0, (5, 6), images, rng)
    assert A.shape[1] == 30
    expected = images @ A.T
    if problem == "phase_retrieval":
        expected = abs(expected)
    np.testing.assert_allclose(b, expected)
    rows = {"compressed_sensing": 15, "inpainting": 21, "deblurring": 30,
            "phase_retrieval": 60}
    assert len(A) == rows[problem]


def test_inpainting_keeps_pixels(suite):
    rng = np.random.default_rng(0)
    A = suite.operators.missing_pixels((4, 4), 0.25, rng)
    np.testing.assert_array_equal(A @ A.T, np.eye(12))
    assert suite.operators.missing_pixels((2, 2), 0.99, rng).shape == (1, 4)


@pytest.mark.parametrize("level", [0.3, 1.0, 6.0])
def test_blur_keeps_the_mean_and_constants(suite, level):
    """Mirrored borders make rows and columns sum to one, and A symmetric."""
    A = suite.operators.blur((5, 7), level, None)
    np.testing.assert_allclose(A.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(A, A.T, atol=1e-12)
    # a spike in the middle stays symmetric in both axes
    spike = np.zeros((5, 7))
    spike[2, 3] = 1
    image = (A @ spike.ravel()).reshape(5, 7)
    assert level > 2 or image[2, 3] == image.max()
    np.testing.assert_allclose(image, image[::-1, ::-1], atol=1e-12)


@pytest.mark.parametrize(("problem", "size"), [
    ("denoise_linf", 0.1), ("denoise_l1", 0.1), ("denoise_l2", 0.1)])
def test_noise(suite, problem, size):
    rng = np.random.default_rng(0)
    images = np.full((20, 100), 0.5)
    A, b = suite.operators.measure(problem, size, 0, (10, 10), images, rng)
    np.testing.assert_array_equal(A, np.eye(100))
    if problem == "denoise_linf":
        np.testing.assert_allclose(abs(b - images), size)
    else:
        assert abs(b - images).std() < (b - images).std()
        assert (b - images).std() == pytest.approx(size, rel=0.1)


@pytest.mark.parametrize(("problem", "level", "message"), [
    ("compressed_sensing", 1.1, "no more measurements than pixels, m <= n"),
    ("compressed_sensing", 0, r"must be in \(0, 1\]"),
    ("inpainting", 1.0, "pixels that are missing"),
    ("deblurring", float("nan"), "standard deviation"),
])
def test_bad_levels(suite, problem, level, message):
    with pytest.raises(ValueError, match=message):
        suite.operators.check_level(problem, level)


@pytest.mark.parametrize("name", ["dct", "haar"])
@pytest.mark.parametrize("shape", [(8, 8), (28, 28), (5, 6)])
def test_bases_are_orthonormal(suite, name, shape):
    B = suite.bases.BASES[name](shape)
    n = shape[0] * shape[1]
    np.testing.assert_allclose(B.T @ B, np.eye(n), atol=1e-12)
    # a constant image has one coefficient per coarsest block only
    constant = np.ones(n) @ B
    blocks = 1 if name == "dct" else np.prod(
        [side // 2 ** min(3, (side & -side).bit_length() - 1)
         for side in shape])
    assert (abs(constant) > 1e-12).sum() == blocks
