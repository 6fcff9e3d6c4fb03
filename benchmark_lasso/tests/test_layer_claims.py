"""The checks of claims on learned layers, on tables that are made up."""
from pathlib import Path

import numpy as np
import pytest

from ci.claims.testing import (
    ClaimTests,
    claims_of,
    made_up,
    two_samples,
)

CLAIMS, EACH = claims_of(
    Path(__file__).parents[1], only={"L6", "L7", "L10"})
TIMES = [0, 1, 2, 3, 5, 8, 12, 20, 50]
samples = pytest.fixture(autouse=True)(two_samples)
N_LAYERS = 12
T = np.arange(1, N_LAYERS + 1)


def kind_of(row):
    """How a network of L6 and L10 started, and whether it was trained."""
    if not row.options["perturbation"]:
        return "ista" if row.options["loss"] == "none" else "from_D"
    return "untrained" if row.options["loss"] == "none" else "perturbed"


def layers(column, **lists):
    """A measure of the layers of each kind of network."""
    def metrics(row):
        return {"suboptimality": 1.0, column: lists[kind_of(row)]}
    return metrics


def fixed_points(from_D, perturbed, ista=1e-9, away=0.1):
    """Residuals of the layers; those of ISTA with a perturbed W are away."""
    of = layers("fixed_point", from_D=from_D, perturbed=perturbed,
                untrained=[0.2] * N_LAYERS, ista=[ista] * N_LAYERS)

    def metrics(row):
        return of(row) | {
            "weight_distance": from_D,
            "fixed_point_perturbed": [away] * N_LAYERS}
    return metrics


def steps(of_support, sparser=1.2):
    """Steps, in the unit of 1/L_S, which rises from layer to layer; 1/L is
    1, and layer 1 has no support yet."""
    def metrics(row):
        inverse = 2 + 0.1 * T
        band = [float("nan"), *inverse[1:]]
        factor = sparser if row.problem["reg"] > 0.4 else 1
        return {"steps": (factor * of_support(inverse)).tolist(),
                "inverse_L": 1.0, "inverse_L_S_q10": band,
                "inverse_L_S_median": band, "inverse_L_S_q90": band}
    return metrics


FALL, RISE = (0.1 / T).tolist(), (0.1 * T).tolist()
FLAT = [0.2] * N_LAYERS
# Each claim has tables where it is true, and tables where it is false.
CASES = {
    "L6": ([layers("weight_distance", from_D=FALL, perturbed=FALL,
                   untrained=FLAT)],
           [layers("weight_distance", from_D=RISE, perturbed=FALL,
                   untrained=FLAT),
            layers("weight_distance", from_D=[1.0, *[0.0] * 11],
                   perturbed=FALL, untrained=FLAT)]),
    "L7": ([steps(lambda inverse: 1.2 * inverse)],
           [steps(lambda inverse: 3 * inverse),
            steps(lambda inverse: 0.3 * inverse),
            steps(lambda inverse: 3 + 0 * inverse),
            steps(lambda inverse: 1.2 * inverse, sparser=0.9)]),
    "L10": ([fixed_points(FALL, FALL)],
            [fixed_points(RISE, FALL), fixed_points(FALL, FALL, ista=1e-3),
             fixed_points(FALL, FALL, away=1e-7)]),
}


@pytest.fixture
def tables(claim):
    return tuple((made_up(claim, metrics, TIMES) for metrics in of_kind)
                 for of_kind in CASES[claim.name])


@EACH
class TestClaims(ClaimTests):
    pass


@pytest.mark.parametrize("steps_of", ["Chebyshev", "1/L_S"])
def test_both_explanations_of_steps_fit_two_numbers(steps_of):
    """Each fits its own steps, whatever its two numbers are, and the other
    does not."""
    module = CLAIMS["quick", "L7"].module
    inverse = 2 + 0.1 * T**2
    angles = np.pi * (T - 0.5) / N_LAYERS
    own = {"Chebyshev": 1 / (0.1 + 3 * (1 + np.cos(angles))),
           "1/L_S": 0.7 * inverse**1.5}[steps_of]
    errors = {"Chebyshev": module.chebyshev_error(own),
              "1/L_S": module.support_error(own, inverse)}
    assert errors.pop(steps_of) < 1e-3
    assert min(errors.values()) > 0.05
