"""Dictionaries of any scale: the same codes in another unit, or an error."""
import numpy as np
import pytest

from unrolling import (
    ALISTA,
    LISTA,
    CoupledLISTA,
    SparseEncoder,
    StepLISTA,
    fista,
)
from unrolling.tv.networks import StepLPGD

REG = 0.1


@pytest.fixture
def problem(rng, make_lasso):
    """D (10, 20) with unit atoms, and x (30, 10) in B_inf."""
    return make_lasso(rng, 10, 20, 30)


@pytest.mark.parametrize("method", ["active-set", "fista", "step-lista"])
@pytest.mark.parametrize("scale", [1e-200, 1e-40, 1e170])
def test_an_encoder_takes_atoms_of_any_norm(problem, method, scale):
    """D's code over its scale, with its gap and cost, and no warning."""
    D, x = problem
    encoders = [SparseEncoder(atoms, method=method, n_layers=2, reg=REG,
                              random_state=0).fit(x)
                for atoms in (D.T, D.T * scale)]
    usual, other = (encoder.transform(x) for encoder in encoders)
    assert usual.any()
    np.testing.assert_allclose(other * scale, usual, rtol=0, atol=1e-5)
    gaps, scores = zip(
        *((encoder.duality_gap_, encoder.score(x)) for encoder in encoders),
        strict=True)
    assert gaps[1] == pytest.approx(gaps[0], rel=1e-4, abs=1e-6)
    assert scores[1] == pytest.approx(scores[0], rel=1e-4)
    np.testing.assert_array_equal(encoders[1].components_, D.T * scale)
    np.testing.assert_allclose(
        encoders[1].inverse_transform(other), usual @ D.T, atol=1e-4)


@pytest.mark.parametrize("scale", [1e-70, 1e-25, 1e5, 1e25, 1e70])
def test_fista_in_single_precision_at_any_scale(problem, scale):
    """To its certificate, in float64; else it would warn."""
    D, x = problem
    gap = fista(scale * D, x, scale * REG, 1e-5, dtype="float32").gap
    assert gap.max() <= 1e-5


@pytest.mark.parametrize("network_class", [StepLISTA, LISTA, CoupledLISTA])
@pytest.mark.parametrize("scale", [1e-70, 1e70])
def test_networks_at_large_scales(problem, network_class, scale):
    D, x = problem
    network = network_class(D, REG).grow(3)
    other = network_class(scale * D, scale * REG).grow(3)
    np.testing.assert_allclose(scale * other(x), network(x), atol=1e-12)


@pytest.mark.parametrize("network_class", [StepLISTA, ALISTA, StepLPGD])
@pytest.mark.parametrize("scale", [1e-200, 1e-100, 1e100, 1e200])
def test_networks_beyond_are_refused(problem, network_class, scale):
    D, _ = problem
    with pytest.raises(ValueError, match=r"expected a matrix with \|\|A\|\|"
                       "_2.* between 1e-150 and 1e.150, got .*: divide it, "
                       "lmbd and the outputs by its largest entry"):
        network_class(scale * D, REG)
