"""Each claim's check says what is true of tables that are made up."""
from pathlib import Path

import pandas as pd
import pytest

from ci.claims.parts import (
    EXTENDED,
    FAILS,
    HOLDS,
    SOURCE,
    STAND_IN,
    UNDECIDED,
)
from ci.claims.testing import (
    SEEDS,
    ClaimTests,
    claims_of,
    made_up,
    two_samples,
)
from ci.claims.verdict import judge

CLAIMS, EACH = claims_of(Path(__file__).parents[1])
TIMES = [0, 1, 2, 3, 5, 8, 12, 20, 50, 100]
samples = pytest.fixture(autouse=True)(two_samples)


def table_of(claim, metrics):
    """A table of made-up runs, whose evaluations all have a cost."""
    return made_up(claim, lambda row: {
        "suboptimality": 1.0, "value": 2.0} | metrics(row), TIMES)


def gaps(**rate):
    """P - P* is rate ** t for each solver named, else other ** t."""
    def metrics(row):
        factor = rate.get(row.base.replace("-", "_"), rate["other"])
        return {"suboptimality": factor ** row.t}
    return metrics


def constants(exponent, factor):
    """A ratio of Lipschitz constants factor k^exponent."""
    def metrics(row):
        return {"synthesis_L": factor * row.sizes["n_times"] ** exponent}
    return metrics


def certified(gap, earlier=1.0):
    """The duality gap at the end, and at all times before."""
    def metrics(row):
        return {"duality_gap": gap if row.t == TIMES[-1] else earlier}
    return metrics


def jacobian(error, stable):
    def metrics(row):
        return {"jacobian_error": [1e-10, error],
                "jacobian_stable": [1.0, stable]}
    return metrics


def inner(trained, exact=0.3):
    """Gaps of LPGD-LISTA; 0.5 ** t where its inner network is untrained."""
    def metrics(row):
        if row.base == "LPGD-Taut":
            return {"suboptimality": exact ** row.t}
        rate = 0.5 if row.options["learn_prox"] == "none" else trained
        return {"suboptimality": rate ** row.t}
    return metrics


def behind(row):
    """An inexact prox costs a factor, which is the same at each depth."""
    factor = {"none": 3, "per-layer": 2}.get(
        row.options.get("learn_prox"), 1)
    return {"suboptimality": factor * 0.3 ** row.t}


def growth(small, large):
    """A ratio of Lipschitz constants over its bound, by the size of k."""
    def metrics(row):
        k = row.sizes["n_times"]
        return {"synthesis_L": (small if k < 50 else large) * k**2 / 10}
    return metrics


# Each claim has tables where it is true, and tables where it is false.
CASES = {
    "T1": ([gaps(PGD=0.5, other=0.9)], [gaps(PGD=0.9, other=0.5),
                                        gaps(other=0.5)]),
    "T2": ([constants(2, 0.3), growth(1e-3, 1)],
           [constants(1, 0.3), constants(2.2, 0.3), constants(2, 1e-4),
            growth(1, 1e-4)]),
    "T3": ([gaps(LPGD_Taut=0.3, other=0.6)],
           [gaps(other=0.6), gaps(LPGD_Taut=0.5, APGD=0.4, other=0.6),
            gaps(LPGD_Taut=0.5, Synthesis_Coupled_LISTA=0.4, other=0.6)]),
    "T4": ([gaps(LPGD_Taut=0.3, PGD=0.6, other=0.1)],
           [gaps(LPGD_Taut=0.7, PGD=0.6, other=0.9)]),
    "T5": ([certified(1e-9), certified(9e-5)],
           [certified(1e-2, 1e-2), certified(1e-2)]),
    "T6": ([jacobian(1e-9, 0.9)], [jacobian(1e-3, 0.9), jacobian(0, 0.3)]),
    "T7": ([inner(0.4)], [inner(0.5), inner(0.4, exact=0.4), behind]),
}


@pytest.fixture
def tables(claim):
    return tuple((table_of(claim, metrics) for metrics in of_kind)
                 for of_kind in CASES[claim.name])


@pytest.mark.parametrize(("earlier", "verdict"), [
    (1.0, UNDECIDED), (1.01e-2, FAILS)])
def test_a_gap_refutes_where_it_stays(earlier, verdict):
    """That runs were too short refutes no theorem."""
    claim = CLAIMS["quick", "T5"]
    parts = claim.module.check(table_of(claim, certified(1e-2, earlier)))
    assert {part.verdict for part in parts} == {verdict}


def test_the_best_synthesis_is_an_extended_regime():
    """Without the constant it may win, and T1 is still said of the source's:
    the verdicts of both are told apart."""
    claim = CLAIMS["quick", "T1"]

    def metrics(row):
        rate = 0.5 if row.base == "PGD" else (
            0.3 if row.options["projected"] else 0.9)
        return {"suboptimality": rate ** row.t}

    said = {}
    for part in claim.module.check(table_of(claim, metrics)):
        said.setdefault(part.regime, set()).add(part.verdict)
    assert said == {SOURCE: {HOLDS}, EXTENDED: {FAILS}}


def test_the_larger_problem_is_an_extended_regime():
    """The paper's is of 5 x 8; that PGD loses on 40 x 40 is not said of it."""
    claim = CLAIMS["full", "T1"]

    def metrics(row):
        rate = 0.9 if row.base == "PGD" else 0.95
        if row.sizes["n_times"] == 40:
            rate = 1.4 - rate
        return {"suboptimality": rate ** row.t}

    said = {part.verdict for part in claim.module.check(
        table_of(claim, metrics)) if part.regime == SOURCE}
    assert said == {HOLDS}
    assert judge(claim, table_of(claim, metrics), SEEDS).verdict == HOLDS


@pytest.mark.parametrize(("mode", "name"), [
    ("quick", "T3"), ("full", "T4"), ("full", "T7")])
def test_other_trainings_stand_in_for_the_papers(mode, name):
    """Where data or training are not the authors', nothing is said to be
    judged in their set-up."""
    claim = CLAIMS[mode, name]
    parts = claim.module.check(table_of(claim, CASES[name][0][0]))
    assert {part.regime for part in parts} - {EXTENDED} == {STAND_IN}


@EACH
class TestClaims(ClaimTests):
    pass


def test_the_suites_problem_is_extended():
    """By its sizes: a result's name has all parameters, in their order."""
    of = CLAIMS["full", "T1"].module.of
    for sizes, fields in (("n_dim=5,n_test=1000,n_times=8,n_train=1000", {}),
                          ("n_dim=40,n_test=50,n_times=40,n_train=2",
                           {"regime": EXTENDED})):
        assert of(pd.DataFrame({"dataset_name": [
            f"Simulated[density=0.2,{sizes},signals=jumps]"]})) == fields
