"""Each claim's check says what is true of tables that are made up."""
from pathlib import Path

import numpy as np
import pytest

from ci.claims import effects
from ci.claims.testing import (
    assert_both_ways,
    assert_drawn,
    assert_needs_its_solvers,
    claims_of,
    made_up,
)

CLAIMS, EACH = claims_of(Path(__file__).parents[1])
TIMES = [0, 1, 2, 3, 5, 8, 12, 20, 50]
N_LAYERS = 12
T = np.arange(1, N_LAYERS + 1)


def table_of(claim, metrics):
    """A table of made-up runs, where an iteration of the oracle is slow."""
    def timed_metrics(row):
        slow = 0.1 if row.base == "Oracle-ISTA" else 1e-3
        return {"time": slow * row.t} | metrics(row)
    return made_up(claim, timed_metrics, TIMES)


@pytest.fixture(autouse=True)
def samples(monkeypatch):
    """Each evaluation's samples are two, made of its row's metrics."""
    def read(row):
        def around(value):
            return value * np.array([0.9, 1.1])

        row = row.iloc[0]
        return {
            "suboptimality": around(row["objective_suboptimality"]),
            "resolution": np.zeros(2),
            "error": around(10 ** (row.get("objective_nmse_db", 0) / 10)),
            "distance": around(row.get("objective_distance", 1.0)),
        }
    monkeypatch.setattr(effects, "read_samples", read)


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
        return {"suboptimality": gap, "value": 1 + gap}
    return metrics


def alista(codes, cost):
    """ALISTA's NMSE exceeds ISTA's by codes dB; its gap is cost ** t."""
    def metrics(row):
        learned = is_network(row)
        return {"suboptimality": (cost if learned else 0.5) ** row.t,
                "nmse_db": -10 + (codes if learned else 0)}
    return metrics


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


def supports(share, factor, distance=9.0):
    def metrics(row):
        return {"identified": share if row.t > 2 else 0.0, "value": 1.0,
                "listed_identified": [row.t > 2],
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
        return {"suboptimality": 0.5 ** row.t if network else 1e-3 ** row.t,
                "time": of_network if network else of_rivals,
                "train_time_s": train_time}
    return metrics


def late(row):
    """The rate of a network that is fast at first."""
    return 0.5 if row.t < 5 else 0.95


FALL, RISE = (0.1 / T).tolist(), (0.1 * T).tolist()
FLAT = [0.2] * N_LAYERS
# Each claim has tables where it is true, and tables where it is false.
CASES = {
    "L1": ([rates(0.9, 3.9)], [rates(1.1, 3.9), rates(0.9, 6.1)]),
    "L2": ([identity("LISTA", "value", 1e-15),
            identity("ALISTA", "value", 1)],
           [identity("LISTA", "distance", 1e-6),
            identity("Step-LISTA", "support_size", 1)]),
    "L3": ([gaps(ISTA=0.9, other=0.5), gaps(ISTA=0.9, other=0.9)],
           [gaps(ISTA=0.9, LISTA=0.95, other=0.5)]),
    "L4": ([gaps(Step_LISTA=0.5, other=0.6),
            gaps(Step_LISTA=lambda row: (
                0.9 if row.problem["reg"] < 0.5 else 0.5), other=0.6)],
           [gaps(Step_LISTA=0.6, Coupled_LISTA=0.59, other=0.7),
            gaps(other=0.5)]),
    "L5": ([alista(-1, 0.5), alista(-1, 0.9)],
           [alista(1, 0.5), alista(0, 0.9), alista(-1, 0.4)]),
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
    "L8": ([gaps(Oracle_ISTA=0.2, ISTA=0.8, FISTA=0.5, other=1)],
           [gaps(Oracle_ISTA=0.8, ISTA=0.9, FISTA=0.2, other=1),
            gaps(Oracle_ISTA=0.5, ISTA=0.2, FISTA=0.8, other=1)]),
    "L9": ([supports(1.0, 0.49)],
           [supports(0.8, 0.49), supports(1.0, 0.6),
            supports(1.0, 0.49, distance=1e-3)]),
    "L10": ([fixed_points(FALL, FALL)],
            [fixed_points(RISE, FALL), fixed_points(FALL, FALL, ista=1e-3),
             fixed_points(FALL, FALL, away=1e-5)]),
    "L11": ([gaps(Step_LISTA=0.5, other=0.7)],
            [gaps(Step_LISTA=0.5, other=0.5)]),
    "L12": ([gaps(Step_LISTA=late, FISTA=0.7, CD=0.8, other=0.9)],
            [gaps(Step_LISTA=0.5, FISTA=0.7, CD=0.8, other=0.9),
             gaps(Step_LISTA=late, FISTA=0.7, CD=0.99, other=0.9)]),
    "E1": ([gaps(Step_LISTA=0.5, Learned_FISTA=0.5, BB_LISTA=0.5, other=0.6)],
           [gaps(other=0.6),
            gaps(Step_LISTA=0.5, Learned_FISTA=0.5, BB_LISTA=0.5,
                 Chebyshev_ISTA=0.4, other=0.6)]),
    "E2": ([gaps(Step_LISTA=0.5, Chebyshev_ISTA=0.5, ISTA=0.9, other=1)],
           [gaps(Step_LISTA=0.5, Chebyshev_ISTA=0.7, ISTA=0.9, other=1)]),
    "E3": ([timed(1e-3, 2e-1)],
           [timed(1e-3, 1e-4), timed(1e-3, 2e-3, train_time=1e4)]),
    "E4": ([gaps(Step_LISTA=0.5, Learned_FISTA=0.5, other=0.6)],
           [gaps(Step_LISTA=0.5, Learned_FISTA=0.8, other=0.6),
            gaps(SpaRSA=0.4, other=0.6)]),
    "L13": ([losses(0.5)], [losses(0.5, 0.4), losses(0.5, 0.5)]),
}


@EACH
def test_check_both_ways(claim):
    assert_both_ways(claim, *(
        [table_of(claim, metrics) for metrics in tables]
        for tables in CASES[claim.name]))


@EACH
def test_without_a_solver_it_is_not_run(claim):
    assert_needs_its_solvers(
        claim, table_of(claim, CASES[claim.name][0][0]))


@EACH
def test_figure(claim):
    """Every panel has curves of numbers, drawn from all seeds."""
    assert_drawn(claim.module.figure(
        table_of(claim, CASES[claim.name][0][0])))


def test_every_claim_has_its_cases():
    assert {name for _, name in CLAIMS} == set(CASES)


def test_identity_finds_every_learned_solver(benchmark):
    from unrolling.bench.solver import UnrolledSolver
    learned = {c.name for c in benchmark.get_solvers()
               if issubclass(c, UnrolledSolver)}
    [run] = CLAIMS["quick", "L2"].runs
    assert {s.split("[")[0] for s in run.solver if "loss=none" in s} == (
        learned)
