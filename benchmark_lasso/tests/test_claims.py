"""Each claim's check says what is true of tables that are made up.

Those on learned layers are in `test_layer_claims.py`.
"""
from pathlib import Path

import numpy as np
import pytest

from ci.claims.parts import EXTENDED, FAILS, HOLDS, THEOREM, UNDECIDED
from ci.claims.testing import (
    SEEDS,
    ClaimTests,
    claims_of,
    made_up,
    two_samples,
)
from ci.claims.verdict import judge

CLAIMS, EACH = claims_of(
    Path(__file__).parents[1], but={"L6", "L7", "L10"})
TIMES = [0, 1, 2, 3, 5, 8, 12, 20, 50]
samples = pytest.fixture(autouse=True)(two_samples)


def table_of(claim, metrics):
    """A table of made-up runs, where an iteration of the oracle is slow."""
    def timed_metrics(row):
        slow = 0.1 if row.base == "Oracle-ISTA" else 1e-3
        return {"time": slow * row.t} | metrics(row)
    return made_up(claim, timed_metrics, TIMES)


def is_network(row):
    return "max_layers" in row.options


def rates(ista, fista):
    def metrics(row):
        t = max(row.t, 1)
        gap = ista / t**1.1 if row.base == "ISTA" else fista / (t + 1) ** 2.5
        return {"suboptimality_scaled": gap, "suboptimality": gap}
    return metrics


def identity(name, metric, change):
    def metrics(row):
        values = {"value": 2.0 - row.t / 100, "suboptimality_worst": 1.0,
                  "distance": 1 / (1 + row.t), "support_size": row.t,
                  "suboptimality": 1 / (1 + row.t)}
        if row.base == name and row.t == 3:
            values[metric] += change
        unrolls = "" if row.base == "ALISTA" else "ISTA"
        return values | ({"unrolls": unrolls} if is_network(row) else {})
    return metrics


def gaps(**rate):
    """F - F* is rate ** t for each solver named, else other ** t."""
    def metrics(row):
        factor = rate.get(row.base.replace("-", "_"), rate["other"])
        gap = (factor(row) if callable(factor) else factor) ** row.t
        counted = {"products": 2 * row.t} if row.base == "CD" else {}
        return {"suboptimality": gap, "value": 1 + gap} | counted
    return metrics


def few_products(metrics):
    """A sweep of coordinate descent costs half a layer."""
    return lambda row: metrics(row) | (
        {"products": row.t} if row.base == "CD" else {})


def carried(**rate):
    """F - F* is rate ** t where a network is trained elsewhere, as named, and
    0.5 ** t for the others."""
    return lambda row: {
        "suboptimality": rate.get(row.sizes["train"], 0.5) ** row.t}


def alista(codes, cost, steps=0):
    """ALISTA's NMSE exceeds ISTA's by codes dB, Step-LISTA's by steps dB;
    ALISTA's gap is cost ** t."""
    more = {"ALISTA": codes, "Step-LISTA": steps, "ISTA": 0}

    def metrics(row):
        return {"suboptimality": (
            cost if row.base == "ALISTA" else 0.5) ** row.t,
            "nmse_db": -10 + more[row.base]}
    return metrics


def supports(share, factor, distance=9.0, since=2):
    """Listed is one sample, which is identified after so many iterations."""
    def metrics(row):
        return {"identified": share if row.t > 2 else 0.0, "value": 1.0,
                "duality_gap": 1e-11 if row.t == TIMES[-1] else 0.1,
                "listed_identified": [row.t > since],
                "listed_suboptimality": [factor ** row.t],
                "listed_distance": [distance], "listed_lipschitz": [1.0],
                "listed_contraction": [0.5]}
    return metrics


def losses(own, rivals=1.0):
    """Each loss has this on its own metric, and the others have that."""
    names = {"supervised": "error", "semi-supervised": "distance",
             "unsupervised": "suboptimality"}

    def metrics(row):
        values = dict.fromkeys(names.values(), rivals)
        values[names[row.options["loss"]]] = own
        return {"nmse_db": 10 * np.log10(values["error"]),
                "distance": values["distance"],
                "suboptimality": values["suboptimality"]}
    return metrics


def timed(of_network, of_rivals, train_time=1.0):
    """Seconds of the test samples, at a gap that all reach at the end."""
    def metrics(row):
        network = is_network(row)
        gap = 0.5 ** row.t if network else 1e-3 ** row.t
        return {"suboptimality": gap, "value": gap, "duality_gap": gap,
                "time": of_network if network else of_rivals * (row.t > 0),
                "train_time_s": train_time}
    return metrics


def trained_on(few, many=None):
    """Networks with 610 parameters, on fewer samples and on more."""
    return lambda row: {"n_parameters": 610} | (
        few if many is None or row.sizes["n_train"] < 610 else many)(row)


def late(row):
    """The rate of a network that is fast at first."""
    return 0.5 if row.t < 5 else 0.95


LEARNED = {"Step_LISTA": 0.5, "Learned_FISTA": 0.5, "BB_LISTA": 0.5,
           "Step_ADMM": 0.3, "Coupled_LISTA": 0.5}
# Each claim has tables where it is true, and tables where it is false.
CASES = {
    "L1": ([rates(0.9, 3.9)], [rates(1.1, 3.9), rates(0.9, 6.1)]),
    "L2": ([identity("LISTA", "value", 1e-15),
            identity("ALISTA", "value", 1)],
           [identity("LISTA", "distance", 1e-6),
            identity("Step-LISTA", "support_size", 1)]),
    "L3": ([gaps(ISTA=0.9, other=0.5), gaps(ISTA=0.9, other=0.9)],
           [gaps(ISTA=0.9, Coupled_LISTA=0.95, other=0.5)]),
    "L4": ([gaps(Step_LISTA=0.5, other=0.6),
            gaps(Step_LISTA=lambda row: (
                0.9 if row.problem["reg"] < 0.5 else 0.5), other=0.6)],
           [gaps(Step_LISTA=0.6, Coupled_LISTA=0.59, other=0.7),
            gaps(other=0.5)]),
    "L5": ([alista(-1, 0.5), alista(-1, 0.9)],
           [alista(1, 0.5), alista(0, 0.9), alista(-1, 0.4)]),
    "L8": ([gaps(Oracle_ISTA=0.2, ISTA=0.7, FISTA=0.5, other=1)],
           [gaps(Oracle_ISTA=0.8, ISTA=0.9, FISTA=0.2, other=1),
            gaps(Oracle_ISTA=0.5, ISTA=0.2, FISTA=0.8, other=1)]),
    "L9": ([supports(1.0, 0.49)],
           [supports(0.8, 0.49), supports(1.0, 0.6),
             supports(1.0, 0.49, distance=1e-3),
             supports(1.0, 0.49, since=np.inf)]),
    "L11": ([trained_on(gaps(Step_LISTA=0.5, other=0.7)),
             trained_on(gaps(Step_LISTA=0.5, LISTA=0.4, other=0.7)),
             trained_on(gaps(Step_LISTA=0.5, other=0.7),
                        gaps(Step_LISTA=0.7, other=0.5))],
            [trained_on(gaps(Step_LISTA=0.5, other=0.5)),
             trained_on(gaps(Step_LISTA=0.5, Coupled_LISTA=0.4, other=0.7))]),
    "L12": ([gaps(Step_LISTA=late, FISTA=0.7, CD=0.6, other=0.9)],
            [gaps(Step_LISTA=0.5, FISTA=0.7, CD=0.6, other=0.9),
             gaps(Step_LISTA=late, FISTA=0.7, CD=0.99, other=0.9),
             gaps(Step_LISTA=late, FISTA=0.7, CD=0.6, other=0.5)]),
    "E1": ([gaps(**LEARNED, other=0.6)],
           [gaps(**LEARNED | rates, other=0.6)
            for rates in (dict.fromkeys(LEARNED, 0.6),
                          {"Chebyshev_ISTA": 0.4}, {"ADMM": 0.4},
                          {"Tuned_ADMM": 0.2}, {"CD": 0.4})]
           + [few_products(gaps(**LEARNED, other=0.6))]),
    "E2": ([gaps(Step_LISTA=0.5, Chebyshev_ISTA=0.5, ISTA=0.9, other=1)],
           [gaps(Step_LISTA=0.5, Chebyshev_ISTA=0.7, ISTA=0.9, other=1)]),
    "E3": ([timed(1e-3, 2e-1)],
           [timed(1e-3, 1e-4), timed(1e-3, 2e-3, train_time=1e4)]),
    "E4": ([carried(), carried(noise=0.4)],
           [carried(noise=0.6), carried(dictionary=0.6), carried(reg=0.6)]),
    "E5": ([gaps(Coupled_LISTA=0.5, other=0.6)],
           [gaps(Coupled_LISTA=0.5, other=0.5),
            gaps(Coupled_LISTA=0.6, other=0.5)]),
    "L13": ([losses(0.5)], [losses(0.5, 0.4), losses(0.5, 0.5)]),
}


@pytest.fixture
def tables(claim):
    return tuple((table_of(claim, metrics) for metrics in of_kind)
                 for of_kind in CASES[claim.name])


@EACH
class TestClaims(ClaimTests):
    pass


def test_what_is_never_identified_tests_no_bound():
    """A bound after T* of samples that have none is undecided, no theorem."""
    claim = CLAIMS["quick", "L9"]
    parts = judge(claim, table_of(
        claim, supports(1.0, 0.49, since=np.inf)), SEEDS).parts
    assert {p.verdict for p in parts if p.bar == THEOREM} == {UNDECIDED}


def cut_off(table, solver, t):
    """The table, without this solver's evaluations after t."""
    late = table["solver_name"].str.startswith(solver) & (
        table["stop_val"] > t)
    return table[~late]


@pytest.mark.parametrize(("name", "metrics", "effect"), [
    ("L8", gaps(Oracle_ISTA=0.2, ISTA=0.8, FISTA=0.5, other=1), "iterations"),
    ("L9", supports(1.0, 0.49), "share of samples that Oracle-ISTA"),
])
def test_a_run_that_is_cut_off_decides_nothing(name, metrics, effect):
    """Neither the iterations that it had no time for, nor its last share."""
    claim = CLAIMS["quick", name]
    table = cut_off(table_of(claim, metrics), "Oracle-ISTA", 1)
    parts = [p for p in judge(claim, table, SEEDS).parts
             if p.effect_of.startswith(effect)]
    verdicts = [p.verdict for p in parts]
    assert set(verdicts) == {UNDECIDED}


def test_a_fair_rival_on_codes_stands_beside_the_sources():
    """ALISTA beats ISTA, but not Step-LISTA trained on the same codes."""
    claim = CLAIMS["quick", "L5"]
    verdict = judge(claim, table_of(claim, alista(-1, 0.5, steps=-2)), SEEDS)
    assert verdict.verdict == HOLDS
    fair = [p for p in verdict.parts if "error of Step-LISTA" in p.effect_of]
    assert {(p.regime, p.verdict) for p in fair} == {(EXTENDED, FAILS)}


def test_identity_finds_every_learned_solver(benchmark):
    from unrolling.bench.solver import UnrolledSolver
    learned = {c.name for c in benchmark.get_solvers()
               if issubclass(c, UnrolledSolver)}
    [run] = CLAIMS["quick", "L2"].runs
    assert {s.split("[")[0] for s in run.solver if "loss=none" in s} == (
        learned)
