"""The checks of the claims say what is true of tables that are made up."""
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci.claims.parts import FAILS, HOLDS, UNDECIDED
from ci.claims.testing import SEEDS, ClaimTests, cells, claims_of
from ci.claims.verdict import IN_PART, judge

CLAIMS, EACH = claims_of(Path(__file__).parents[1])
STOPS = [0, 1, 2, 5, 10, 20, 32, 50, 100]
RATES = {"Implicit": 0.01, "LPGD": 0.05, "Fenchel-Young": 0.005}
PAID = {"lower": 2, "upper": 2, "average": 3}
"""Solves of a step of LPGD."""
ORDERS = {"lower": 1.0, "upper": 1.0, "average": 2.0}


@pytest.fixture
def made_up(tmp_path):
    """`made_up(claim, rates, orders)`: the table of a claim's runs.

    Losses fall as exp(-rate t) from each sample's own level, and errors of
    LPGD's gradient as tau^order, up to 1 %, which differ by solver.
    """
    def table(claim, rates=RATES, orders=ORDERS):
        return pd.DataFrame([row for cell in cells(claim)
                             for row in evaluations(cell, rates, orders)])

    def evaluations(cell, rates, orders):
        base, seed, tau = cell.base, cell.seed, cell.options.get("tau")
        tau = tau if isinstance(tau, float) else 1.0
        variant = cell.options.get("variant", "lower")
        last = int(cell.problem["max_iter"])
        levels = np.random.default_rng(seed).uniform(1, 1.1, 20)
        solver = zlib.crc32(cell.names["solver_name"].encode())
        spread = np.random.default_rng([seed, solver]).uniform(0.99, 1.01, 20)
        for t in [t for t in STOPS if t <= last]:
            losses = levels * np.exp(-rates[base] * t) * (
                spread if t else 1)
            path = tmp_path / f"{rates[base]}-{solver}-{seed}-{t}.npz"
            if not path.exists():
                np.savez(path, train_loss=losses, test_loss=losses)
            yield cell.names | {
                "stop_val": t, "objective_train_loss": losses.mean(),
                "objective_n_solves": 1 + t * (
                    PAID[variant] if base == "LPGD" else 1),
                "objective_gradient_distance": (
                    tau**orders[variant] * spread[0]),
                "objective_informed": 1.0 if tau == 1 else 0.5,
                "objective_samples": str(path),
            }

    return table


@pytest.fixture
def tables(made_up, claim):
    """Against the claims, LPGD is slower than the rest, and its error stays.
    """
    slow = {name: 0.05 for name in RATES} | {"LPGD": 0.01}
    return [made_up(claim)], [
        made_up(claim, slow, dict.fromkeys(ORDERS, 0.0))]


@EACH
class TestClaims(ClaimTests):
    def test_every_part_agrees(self, claim, tables):
        for_it, against = (judge(claim, df, SEEDS) for [df] in tables)
        assert {part.verdict for part in for_it.parts} == {HOLDS}
        assert against.verdict == FAILS
        assert HOLDS not in {
            part.verdict for part in against.parts
            if "samples with an update" not in part.effect_of}


def test_equal_solves_are_half_or_a_third_of_the_steps(made_up):
    """LPGD at 1.5 times the rate of Implicit wins by step, not by solve."""
    claim = CLAIMS["quick", "P1"]
    judged = judge(claim, made_up(
        claim, {"Implicit": 0.05, "LPGD": 0.075, "Fenchel-Young": 0.05}),
        SEEDS)
    for part in judged.parts:
        assert part.verdict == (
            FAILS if "equal solves" in part.where else HOLDS)


def test_an_order_of_one_is_not_two(made_up):
    claim = CLAIMS["quick", "P2"]
    df = made_up(claim, orders=dict.fromkeys(ORDERS, 1.0))
    judged = judge(claim, df, SEEDS)
    assert judged.verdict == HOLDS
    assert [part.effect_of for part in judged.parts
            if part.verdict != HOLDS] == [
                "order in tau of the distance of LPGD (average)"]


def test_one_variant_alone_is_a_part(made_up):
    claim = CLAIMS["quick", "P2"]
    df = made_up(claim, orders=ORDERS | {"upper": 0.1})
    assert judge(claim, df, SEEDS).verdict == IN_PART


def test_seeds_that_disagree_leave_it_undecided(made_up):
    claim = CLAIMS["quick", "P1"]
    df = made_up(claim)
    against = made_up(claim, RATES | {"LPGD": 0.002})
    df = pd.concat([df[df["base_seed"] > 1],
                    against[against["base_seed"] <= 1]])
    verdicts = {part.verdict for part in judge(claim, df, SEEDS).parts}
    assert verdicts == {UNDECIDED}
