"""The checks of the claims say what is true of tables that are made up."""
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci.claims.parts import FAILS, HOLDS
from ci.claims.testing import MANY_SEEDS, ClaimTests, cells, claims_of
from ci.claims.verdict import judge

CLAIMS, EACH = claims_of(Path(__file__).parents[1])
STOPS = [0, 1, 2, 5, 10, 20, 50, 100, 200]
RATES = {"ADMM": 0.1, "ADMM-Gauss-Newton": 0.2, "Linear-ADMM": 0.05,
         "GD": 0.02, "Adam": 0.03}


@pytest.fixture
def made_up(tmp_path):
    """`made_up(claim, rates, lasso)`: the table of a claim's runs.

    Errors fall as exp(-rate t) from each sample's own level; those of the
    Lasso are `lasso` times a level. Accuracies fall with the l_2 loss.
    """
    numbers = count()

    def table(claim, rates=RATES, lasso=10.0):
        return pd.DataFrame([row for cell in cells(claim, MANY_SEEDS)
                             for row in evaluations(cell, rates, lasso)])

    def evaluations(cell, rates, lasso):
        base, problem = cell.base, cell.problem["problem"]
        levels = np.random.default_rng(cell.seed).uniform(1, 1.1, 20)
        for t in STOPS if base in rates else [1]:
            error = levels * (
                np.exp(-rates[base] * t) if base in rates else lasso)
            path = tmp_path / f"{next(numbers)}.npz"
            np.savez(path, measurement_error=error,
                     reconstruction_error=error)
            yield cell.names | {
                "p_obj_problem": problem,
                "p_obj_level": float(cell.problem["level"]),
                "p_obj_mu": float(cell.problem["mu"]), "stop_val": t,
                "objective_measurement_error": error.mean(),
                "objective_reconstruction_error": error.mean(),
                "objective_infeasibility": error.mean(),
                "objective_accuracy": 0.5 if problem.endswith("l2") else 0.9,
                "objective_accuracy_attacked": 0.1,
                "objective_accuracy_clean": 0.95,
                "objective_samples": str(path),
            }

    return table


@pytest.fixture
def tables(made_up, claim):
    """Against the claims: ADMM is slow, the projection harms, the Lasso is
    below the prior."""
    slow = {name: rate * (0.1 if "ADMM" in name else 2)
            for name, rate in RATES.items()} | {"Linear-ADMM": 0.02}
    against = made_up(claim, slow, lasso=0.5 * np.exp(-200 * slow["Adam"]))
    return [made_up(claim)], [against.assign(
        objective_accuracy=0.0, objective_accuracy_attacked=0.5)]


def test_a_little_more_accuracy_does_not_restore_it(made_up):
    """From 0.1 to 0.5, of 0.95 on clean digits: raised, but not restored."""
    claim = CLAIMS["quick", "G4"]
    df = made_up(claim).assign(objective_accuracy=0.5)
    said = {part.effect_of: part.verdict
            for part in judge(claim, df, MANY_SEEDS).parts}
    assert said["accuracy after projection - before"] == HOLDS
    assert said["share restored of the accuracy that was lost"] == FAILS


@EACH
class TestClaims(ClaimTests):
    def test_every_part_agrees(self, claim, tables):
        for_it, against = (judge(claim, df, MANY_SEEDS) for [df] in tables)
        assert {part.verdict for part in for_it.parts} == {HOLDS}
        assert against.verdict == FAILS
