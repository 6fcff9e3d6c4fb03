"""Each claim's check says what is true of tables that are made up."""
import json
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchopt.utils.parametrized_name_mixin import _extract_options

from ci.claims.claim import load_claims
from ci.claims.figure import plotly
from ci.claims.verdict import FAILS, HOLDS, NOT_RUN, judge, own_rows

FOLDER = Path(__file__).parents[1]
MODES = {"quick": False, "full": True}
CLAIMS = {(mode, claim.name): claim for mode, full in MODES.items()
          for claim in load_claims(FOLDER, full)}
TIMES = [0, 1, 2, 3, 5, 8, 12, 20, 50]
N_LAYERS = 12
T = np.arange(1, N_LAYERS + 1)


def made_up(claim, metrics, seed=0):
    """Make the table of a claim's runs, with metrics(row) an evaluation.

    A row has the attributes base, options, reg, data, n_train, t.
    """
    table = []
    for run in claim.runs:
        for solver, dataset, objective in product(
                run.solver, run.dataset, run.objective):
            base, _, options = _extract_options(solver)
            data, _, sizes = _extract_options(dataset)
            reg = _extract_options(objective)[2]["reg"]
            last = options.get("max_layers", TIMES[-1])
            for t in TIMES:
                if t <= last:
                    row = pd.Series({
                        "base": base, "options": options, "reg": reg,
                        "data": data, "n_train": sizes["n_train"], "t": t})
                    table.append({
                        "solver_name": solver, "dataset_name": dataset,
                        "objective_name": objective, "base_seed": seed,
                        "p_obj_reg": reg, "stop_val": t, "time": 1e-3 * t,
                        **{f"p_dataset_{k}": v for k, v in sizes.items()},
                        **{f"objective_{k}": json.dumps(v) if isinstance(
                            v, list) else v for k, v in metrics(row).items()},
                    })
    return pd.DataFrame(table)


def is_network(row):
    return "max_layers" in row.options


def rates(ista, fista):
    def metrics(row):
        t = max(row.t, 1)
        return {"suboptimality_scaled": (
            ista / t if row.base == "ISTA" else fista / (t + 1) ** 2)}
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
        supervised = row.options.get("loss") == "supervised"
        gap = (cost if row.base == "ALISTA" and not supervised else 0.5
               ) ** row.t
        return {"suboptimality": gap, "nmse_db": -10 + (
            codes if supervised else 0)}
    return metrics


def layers(**lists):
    """Each measure is a list of layers; `none_*` is of untrained ones."""
    def metrics(row):
        prefix = "none_" if row.options.get("loss") == "none" else ""
        names = {n.removeprefix("none_") for n in lists}
        return {n: list(lists.get(prefix + n, lists.get(n))) for n in names}
    return metrics


def steps(of_layer, sparser=1.0):
    """The unit is 1 / L; 1 / L_S is 3, and layer 1 has no support yet."""
    def metrics(row):
        band = [float("nan"), *[3.0] * (N_LAYERS - 1)]
        return {"steps": [s * (sparser if row.reg > 0.4 else 1)
                          for s in of_layer],
                "inverse_L": 1.0, "inverse_L_S_q10": band,
                "inverse_L_S_median": band, "inverse_L_S_q90": band}
    return metrics


def supports(share, factor):
    def metrics(row):
        return {"identified": share if row.t > 2 else 0.0, "value": 1.0,
                "listed_identified": [row.t > 2],
                "listed_suboptimality": [factor ** row.t],
                "listed_contraction": [0.5]}
    return metrics


def fixed_points(trained, perturbed, untrained):
    return layers(
        fixed_point=trained, fixed_point_perturbed=[perturbed] * N_LAYERS,
        weight_distance=trained, none_fixed_point=[untrained] * N_LAYERS)


def overfit(step, lista):
    """The gaps between held-out and training cost; LISTA's with 50 samples."""
    def metrics(row):
        gap = lista if row.base == "LISTA" and row.n_train < 60 else (
            2.0 if row.base == "LISTA" else step)
        return {"value": 3.0, "train_loss": 3.0 - gap, "suboptimality": 1.0}
    return metrics


def losses(nmse, cost):
    """Supervised training has this NMSE [dB] and cost; others -5 and 1."""
    def metrics(row):
        supervised = row.options["loss"] == "supervised"
        return {"nmse_db": nmse if supervised else -5.0,
                "suboptimality": cost if supervised else 1.0}
    return metrics


def late(row):
    """The rate of a network that is fast at first."""
    return 0.5 if row.t < 20 else 0.95


FALL, RISE = (0.1 / T).tolist(), (0.1 * T).tolist()
# Each claim has tables where it is true, and tables where it is false.
CASES = {
    "L1": ([rates(0.9, 3.9)], [rates(1.1, 3.9), rates(0.9, 4.1)]),
    "L2": ([identity("LISTA", "value", 1e-15),
            identity("ALISTA", "value", 1)],
           [identity("LISTA", "distance", 1e-6),
            identity("Step-LISTA", "support_size", 1)]),
    "L3": ([gaps(ISTA=0.9, other=0.5)],
           [gaps(ISTA=0.9, LISTA=0.95, other=0.5)]),
    "L4": ([gaps(Step_LISTA=0.5, other=0.6), gaps(other=0.5),
            gaps(Step_LISTA=lambda row: 0.9 if row.reg < 0.5 else 0.5,
                 other=0.6)],
           [gaps(Step_LISTA=0.6, Coupled_LISTA=0.59, other=0.7)]),
    "L5": ([alista(-1, 0.9)], [alista(1, 0.9), alista(-1, 0.4)]),
    "L6": ([layers(weight_distance=FALL)],
           [layers(weight_distance=RISE),
            layers(weight_distance=[*FALL[:9], 0.3, 0.3, 0.3])]),
    "L7": ([steps([1.5, *[3.5] * 11], sparser=1.2)],
           [steps([1.5, *[7.0] * 11], sparser=1.2),
            steps([0.9, *[3.5] * 11], sparser=1.2),
            steps([1.5, *[3.5] * 11], sparser=0.9)]),
    "L8": ([gaps(Oracle_ISTA=0.2, ISTA=0.8, FISTA=0.5, other=1)],
           [gaps(Oracle_ISTA=0.8, ISTA=0.9, FISTA=0.2, other=1),
            gaps(Oracle_ISTA=0.5, ISTA=0.2, FISTA=0.8, other=1)]),
    "L9": ([supports(1.0, 0.49)], [supports(0.9, 0.49), supports(1.0, 0.6)]),
    "L10": ([fixed_points(FALL, 0.1, 1e-9)],
            [fixed_points(RISE, 0.1, 1e-9), fixed_points(FALL, 0.1, 1e-3),
             fixed_points(FALL, 1e-5, 1e-9)]),
    "L11": ([overfit(0.5, 1.0)], [overfit(0.5, 0.4)]),
    "L12": ([gaps(Step_LISTA=late, FISTA=0.7, CD=0.8, other=0.9)],
            [gaps(Step_LISTA=0.5, FISTA=0.7, CD=0.8, other=0.9),
             gaps(Step_LISTA=late, FISTA=0.7, CD=0.99, other=0.9)]),
    "L13": ([losses(-6, 2.0)], [losses(-4, 2.0), losses(-6, 0.5)]),
}


def table_of(name, claim, metrics, seed=0):
    df = made_up(claim, metrics, seed)
    if name == "L8":  # an iteration of the oracle takes 100 times as long
        slow = df["solver_name"] == "Oracle-ISTA"
        df["time"] *= np.where(slow, 100, 1)
    return df


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", CASES)
def test_check_both_ways(mode, name):
    claim = CLAIMS[mode, name]
    for holds, tables in zip((True, False), CASES[name], strict=True):
        for metrics in tables:
            check = claim.module.check(table_of(name, claim, metrics))
            assert bool(check.holds) is holds, check.numbers
            decisive = next(iter(check.numbers.values()))
            assert isinstance(decisive, (int, float, str))


@pytest.mark.parametrize("name", CASES)
def test_one_seed_against_it_is_enough(name):
    claim = CLAIMS["quick", name]
    true, false = (tables[0] for tables in CASES[name])
    df = pd.concat([table_of(name, claim, m, seed)
                    for seed, m in enumerate([true, true, false])])
    assert own_rows(claim, df).shape == df.shape
    assert judge(claim, df, [0, 1]).verdict == HOLDS
    verdict = judge(claim, df, [0, 1, 2])
    assert verdict.verdict == FAILS
    said = [bool(c.holds) for c in verdict.checks.values()]
    assert said == [True, True, False]


@pytest.mark.parametrize("name", CASES)
def test_without_a_solver_it_is_not_run(name):
    claim = CLAIMS["quick", name]
    df = table_of(name, claim, CASES[name][0][0])
    solver = claim.runs[0].solver[0]
    verdict = judge(claim, df[df["solver_name"] != solver], [0])
    assert verdict.verdict == NOT_RUN
    assert solver in verdict.reason


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", CASES)
def test_figure(mode, name):
    """Every panel has curves of numbers, drawn from all seeds."""
    claim = CLAIMS[mode, name]
    df = pd.concat([table_of(name, claim, CASES[name][0][0], seed)
                    for seed in range(3)])
    panels = claim.module.figure(df)
    assert panels
    for panel in panels:
        assert panel.curves
        for curve in panel.curves:
            assert len(curve.x) == len(curve.y) > 0
            assert np.isfinite(curve.y).any()
        assert plotly(panel, {})["data"]


def test_every_claim_has_its_cases():
    assert {name for _, name in CLAIMS} == set(CASES)


def test_identity_finds_every_learned_solver(benchmark):
    from unrolling.bench.solver import UnrolledSolver
    learned = {c.name for c in benchmark.get_solvers()
               if issubclass(c, UnrolledSolver)}
    [run] = CLAIMS["quick", "L2"].runs
    assert {s.split("[")[0] for s in run.solver if "loss=none" in s} == (
        learned)


@pytest.mark.parametrize("mode", MODES)
def test_runs_exist(benchmark, mode):
    """benchopt knows every name and parameter: it refuses others."""
    for (of, _), claim in CLAIMS.items():
        for run in claim.runs if of == mode else ():
            assert benchmark.check_objective_filters(run.objective)
            assert benchmark.check_dataset_patterns(run.dataset)
            assert benchmark.check_solver_patterns(run.solver)
