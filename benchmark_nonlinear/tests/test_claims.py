"""The checks of the claims say what is true of tables that are made up."""
import json
import zlib
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchopt.utils.parametrized_name_mixin import _extract_options

from ci.claims.parts import (
    EXTENDED,
    FAILS,
    HOLDS,
    STAND_IN,
    TIE,
    UNDECIDED,
)
from ci.claims.testing import ClaimTests, cells, claims_of
from ci.claims.verdict import IN_PART, judge

CLAIMS, EACH = claims_of(Path(__file__).parents[1])
SEEDS = 0, 1, 2, 3, 4


def gains(options, data):
    """Errors: recurrent momentum gains with a, everything else is equal."""
    if options.get("memory") == "lstm":
        return 0.5 / (1 + float(data.get("a", 0)))
    return 1.0


@pytest.fixture
def made_up(tmp_path):
    """`made_up(claim, error, diverged)`: the table of a claim's runs, where
    error(options of the solver, of the data) is the last mean error, and
    diverged(options of the solver) how many of 20 samples diverge."""
    numbers = count()

    def table(claim, error=gains, diverged=lambda _: 0):
        df = pd.DataFrame([
            row for cell in cells(claim, SEEDS) for row in evaluations(
                cell, error, diverged, tmp_path / str(next(numbers)))])
        # as benchopt stores columns that are not of every data set
        return df.astype({name: object for name in df
                          if name.endswith("reference_jacobian")})

    return table


def unstable(options):
    """How many epochs are worse than the untrained network."""
    return 2 if options.get("memory") == "none" else 0


def evaluations(cell, error, diverged, path):
    """The rows of one solver on one problem: samples differ in their level,
    and on each a solver's error does by 1 %."""
    levels = np.random.default_rng(cell.seed).uniform(1, 1.05, 20)
    digest = zlib.crc32(str(cell.names).encode())
    last = error(cell.options, cell.sizes) * levels * np.random.default_rng(
        digest).uniform(0.99, 1.01, 20)
    depth = cell.options.get("max_layers", 1)
    for t in {0, 1, depth}:
        values = last * 2.0 ** (depth - t) if t else levels
        file = path.with_name(f"{path.name}_{t}.npz")
        lost = np.zeros(len(values), dtype=bool)
        lost[:diverged(cell.options) if t else 0] = True
        values[lost] = 1e4
        np.savez(file, mse=values, diverged=lost)
        yield cell.names | {
            "stop_val": t,
            "objective_mse": values.mean(), "objective_samples": str(file),
            "objective_validation_errors": json.dumps(
                [2.0, *unstable(cell.options) * [3.0], 1.5, 1.0]),
            **{f"p_dataset_{key}": value for key, value in cell.sizes.items()},
        }


@pytest.fixture
def tables(made_up, claim):
    return [made_up(claim)], [
        made_up(claim, lambda *names: 1 / gains(*names))]


@EACH
class TestClaims(ClaimTests):
    def test_every_part_agrees(self, claim, tables):
        for said, [df] in zip((HOLDS, FAILS), tables, strict=True):
            parts = judge(claim, df, SEEDS).parts
            assert {part.verdict for part in parts
                    if "epochs" not in part.effect_of} == {said}


@EACH
def test_equal_errors_are_a_tie(made_up, claim):
    assert judge(claim, made_up(claim, lambda *_: 1.0), SEEDS).verdict == TIE


@EACH
@pytest.mark.parametrize(("n_lost", "verdict"), [(1, TIE), (4, HOLDS)])
def test_samples_that_diverge_are_a_part_of_their_own(
        made_up, claim, n_lost, verdict):
    """Plain networks lose some of 20 samples and are as good on the others:
    no ratio of errors is decided by what a lost sample counts."""
    df = made_up(claim, lambda *_: 1.0, lambda options: n_lost * (
        options.get("memory") == "none"))
    judged = judge(claim, df, SEEDS)
    assert judged.verdict == TIE
    shares = [p for p in judged.parts if "diverge" in p.effect_of]
    assert shares
    for part in shares:
        assert part.effect.value == pytest.approx(n_lost / 20)
        assert (part.verdict, part.regime) == (verdict, EXTENDED)
    against = made_up(claim, lambda *_: 1.0, lambda options: n_lost * (
        options.get("memory") == "lstm"))
    assert HOLDS not in {p.verdict for p in judge(claim, against, SEEDS).parts
                         if "epochs" not in p.effect_of}


@EACH
def test_a_rival_that_diverges_takes_nothing_from_the_claim(made_up, claim):
    df = made_up(claim, gains, lambda options: 1 * (
        options.get("memory") == "none"))
    assert judge(claim, df, SEEDS).verdict == HOLDS


def test_a_gain_that_does_not_grow_is_no_growth(made_up):
    claim = CLAIMS["full", "R1"]
    judged = judge(claim, made_up(claim, lambda options, _: gains(
        options, {"a": 1})), SEEDS)
    assert judged.verdict == IN_PART
    assert {p.verdict for p in judged.parts
            if p.effect_of == "growth of the gain"} == {TIE}


@EACH
def test_epochs_that_diverge_are_counted(made_up, claim):
    """2 of 4 epochs of plain networks are worse than the start."""
    shares = [p for p in judge(claim, made_up(claim), SEEDS).parts
              if "epochs" in p.effect_of]
    assert {p.effect.value for p in shares} == {0.5}
    assert {p.regime for p in shares} == {EXTENDED}


@EACH
def test_where_every_sample_diverges_nothing_is_compared(made_up, claim):
    df = made_up(claim, gains, lambda options: 20 * ("memory" in options))
    said = {p.verdict for p in judge(claim, df, SEEDS).parts
            if "epochs" not in p.effect_of}
    assert said == {UNDECIDED, TIE, FAILS}


@EACH
def test_controls_do_not_decide(made_up, claim):
    """Where a control is as good, the claim holds, and the part says so."""
    def error(options, data):
        if options.get("memory") == "memoryless":
            return gains({"memory": "lstm"}, data)
        return gains(options, data)

    judged = judge(claim, made_up(claim, error), SEEDS)
    assert judged.verdict == HOLDS
    controls = [p for p in judged.parts if "memoryless" in p.effect_of]
    assert controls
    assert {(p.regime, p.verdict) for p in controls} == {(EXTENDED, TIE)}


def test_the_linear_anchor_does_not_decide(made_up):
    claim = CLAIMS["full", "R1"]
    for part in judge(claim, made_up(claim), SEEDS).parts:
        if "a = 0" in part.where:
            assert part.regime == EXTENDED
        elif "of LPGD / of" in part.effect_of and (
                "Jacobian" not in part.where):
            assert part.regime == STAND_IN


@pytest.mark.parametrize(("mode", "name"), CLAIMS)
def test_networks_of_as_many_parameters(suite, mode, name):
    """Within 2 %, what channels can do."""
    data, full = {"n_train": 3, "n_val": 1, "n_test": 1}, mode == "full"
    if name == "R2":
        data |= {"rings": 8 if full else 4, "data_rings": 4}
    objective = suite.load(suite.make_dataset(
        "EIT" if name == "R2" else "Deconvolution", **data))

    def n_parameters(selector):
        name, _, options = _extract_options(selector)
        solver, _ = suite.make_solver(name, objective, **options)
        return suite.memories.count(solver.make_network(solver.physics))

    for kinds in CLAIMS[mode, name].module.chosen(full).values():
        wanted = n_parameters(kinds["lstm"])
        for kind in {"memoryless", "wide"} & {*kinds}:
            assert n_parameters(kinds[kind]) == pytest.approx(
                wanted, rel=0.02)
