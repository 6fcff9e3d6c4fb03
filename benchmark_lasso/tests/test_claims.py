"""Each claim's check says what is true of tables that are made up."""
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci.claims import effects
from ci.claims.parts import EXTENDED, FAILS, HOLDS, THEOREM, UNDECIDED
from ci.claims.testing import (
    SEEDS,
    ClaimTests,
    claims_of,
    made_up,
)
from ci.claims.verdict import judge

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


def alista(codes, cost, steps=0):
    """ALISTA's NMSE exceeds ISTA's by codes dB, Step-LISTA's by steps dB;
    ALISTA's gap is cost ** t."""
    more = {"ALISTA": codes, "Step-LISTA": steps, "ISTA": 0}

    def metrics(row):
        return {"suboptimality": (
            cost if row.base == "ALISTA" else 0.5) ** row.t,
            "nmse_db": -10 + more[row.base]}
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
        return {"suboptimality": 0.5 ** row.t if network else 1e-3 ** row.t,
                "time": of_network if network else of_rivals * (row.t > 0),
                "train_time_s": train_time}
    return metrics


def late(row):
    """The rate of a network that is fast at first."""
    return 0.5 if row.t < 5 else 0.95


LEARNED = {"Step_LISTA": 0.5, "Learned_FISTA": 0.5, "BB_LISTA": 0.5,
           "Step_ADMM": 0.5}
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
           [gaps(ISTA=0.9, Coupled_LISTA=0.95, other=0.5)]),
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
    "L8": ([gaps(Oracle_ISTA=0.2, ISTA=0.7, FISTA=0.5, other=1)],
           [gaps(Oracle_ISTA=0.8, ISTA=0.9, FISTA=0.2, other=1),
            gaps(Oracle_ISTA=0.5, ISTA=0.2, FISTA=0.8, other=1)]),
    "L9": ([supports(1.0, 0.49)],
           [supports(0.8, 0.49), supports(1.0, 0.6),
             supports(1.0, 0.49, distance=1e-3),
             supports(1.0, 0.49, since=np.inf)]),
    "L10": ([fixed_points(FALL, FALL)],
            [fixed_points(RISE, FALL), fixed_points(FALL, FALL, ista=1e-3),
             fixed_points(FALL, FALL, away=1e-5)]),
    "L11": ([gaps(Step_LISTA=0.5, other=0.7),
             gaps(Step_LISTA=0.5, LISTA=0.4, other=0.7)],
            [gaps(Step_LISTA=0.5, other=0.5),
             gaps(Step_LISTA=0.5, Coupled_LISTA=0.4, other=0.7)]),
    "L12": ([gaps(Step_LISTA=late, FISTA=0.7, CD=0.6, other=0.9)],
            [gaps(Step_LISTA=0.5, FISTA=0.7, CD=0.6, other=0.9),
             gaps(Step_LISTA=late, FISTA=0.7, CD=0.99, other=0.9),
             gaps(Step_LISTA=late, FISTA=0.7, CD=0.6, other=0.5)]),
    "E1": ([gaps(**LEARNED, other=0.6)],
           [gaps(other=0.6)] + [gaps(**LEARNED, **rival, other=0.6)
                                for rival in ({"Chebyshev_ISTA": 0.4},
                                              {"ADMM": 0.4},
                                              {"Tuned_ADMM": 0.4})]),
    "E2": ([gaps(Step_LISTA=0.5, Chebyshev_ISTA=0.5, ISTA=0.9, other=1)],
           [gaps(Step_LISTA=0.5, Chebyshev_ISTA=0.7, ISTA=0.9, other=1)]),
    "E3": ([timed(1e-3, 2e-1)],
           [timed(1e-3, 1e-4), timed(1e-3, 2e-3, train_time=1e4)]),
    "E4": ([gaps(**LEARNED, other=0.6)],
           [gaps(**LEARNED | {"Learned_FISTA": 0.8}, other=0.6),
            gaps(**LEARNED, SpaRSA=0.4, other=0.6),
            gaps(**LEARNED, ADMM=0.4, other=0.6)]),
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


def curve(times, gaps, name="FISTA"):
    """One seed of a solver, evaluated at these iterations, each a second."""
    return pd.DataFrame({
        "solver_name": name, "base_seed": 0, "time": times, "stop_val": times,
        "objective_suboptimality": gaps, "p_dataset_n_dim": 64,
        "p_dataset_n_atoms": 256})


def test_rates_are_those_before_convergence():
    """Decades a layer over the second half; none is known where the first
    evaluation has converged."""
    decrease = CLAIMS["quick", "L12"].module.decrease
    t = np.arange(20)
    assert decrease(curve(t, 10.0 ** -t), "FISTA", 8) == pytest.approx([1])
    # a last gap of 1e-9, then convergence to rounding errors
    assert decrease(curve(t, np.maximum(10.0 ** -t, 1e-17)), "FISTA",
                    19) == pytest.approx([1])
    assert np.isnan(decrease(curve([0, 1], [1.0, 1e-16]), "FISTA", 19)).all()
    assert decrease(curve(t, np.maximum(10.0 ** -t, 1e-3)), "FISTA",
                    19) == [0]


def test_the_depth_from_which_on_a_solver_is_below():
    """The first after the last at which it is above; a sweep is two layers,
    as D has four times as many columns as rows."""
    caught_up = CLAIMS["quick", "L12"].module.caught_up
    network = curve([0, 1, 2, 3, 5], [1, 0.1, 0.5, 0.05, 0.04], "Step-LISTA")
    for gaps_, name, depth in (
            ([1, 0.2, 0.3, 0.04, 0.03, 0.03], "FISTA", 2),
            ([1, 0.2, 0.3, 0.04, 0.03, 0.05], "FISTA", np.inf),
            ([1, 0.01, 0.01, 0.01, 0.01, 0.01], "FISTA", 1),
            ([1, 0.01, 0.01, 0.01, 0.01, 0.01], "CD", 2)):
        both = pd.concat([network, curve(range(6), gaps_, name)])
        assert caught_up(both, name, "Step-LISTA") == [depth]


def test_a_rivals_time_is_read_between_its_evaluations():
    """On the line of time and log gap, and at no time beyond its ends."""
    seconds_to = CLAIMS["quick", "E3"].module.seconds_to
    rival = curve([0.0, 1.0, 3.0], [1.0, 1e-2, 1e-6])
    assert seconds_to(rival, 1e-4) == pytest.approx(2)
    assert seconds_to(rival, 1e-2) == pytest.approx(1)
    assert seconds_to(rival, 2.0) == 0
    assert seconds_to(rival, 1e-7) == np.inf
    assert seconds_to(curve([0.0, 1.0], [1.0, 0.0]), 0.0) == pytest.approx(1)


def test_set_up_counts_once():
    """A rival that is slow to begin, and then as fast as the network."""
    share = CLAIMS["quick", "E3"].module.share_of_many

    def rows(set_up, seconds):
        rival = curve([0, 1], [1.0, 1e-2], "SpaRSA").assign(
            time=[set_up, set_up + seconds])
        network = curve([0, 1], [1.0, 1e-2], "Step-LISTA[max_layers=1]")
        return pd.concat([rival, network.assign(time=[0.0, 1.0])]).assign(
            p_dataset_n_test=10, objective_train_time_s=5.0)

    def paid(*times):
        return share(rows(*times), "SpaRSA", "Step-LISTA")

    assert paid(4.0, 0.9) == 0
    assert paid(0.0, 2.0) == pytest.approx(1e6 / 50)
    assert paid(4.0, 2.0) == pytest.approx(1e6 / 10)
    assert paid(6.0, 2.0) == np.inf


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


def test_identity_finds_every_learned_solver(benchmark):
    from unrolling.bench.solver import UnrolledSolver
    learned = {c.name for c in benchmark.get_solvers()
               if issubclass(c, UnrolledSolver)}
    [run] = CLAIMS["quick", "L2"].runs
    assert {s.split("[")[0] for s in run.solver if "loss=none" in s} == (
        learned)
