"""What the tests of claims share: tables that are made up, and figures."""

import json
from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from benchopt.utils.parametrized_name_mixin import _extract_options

from ci.claims.claim import load_claims
from ci.claims.figure import plotly
from ci.claims.parts import HOLDS
from ci.claims.verdict import NOT_RUN, PROVEN, judge, own_rows

SEEDS = 0, 1, 2, 3, 4
"""As many as claims ask for: fewer that are equal decide nothing."""
MANY_SEEDS = range(10)
"""So many that equal ones decide several parts at once."""


def claims_of(folder, only=None, but=()):
    """Load a benchmark's claims in both modes.

    Parameters
    ----------
    folder : Path, the benchmark's
    only, but : sets of str, names of the claims that the mark is for, by
        default all, and of those that it leaves out

    Returns
    -------
    dict of (mode, name), mode quick or full, to Claim
    mark of pytest, by which a test with the argument `claim` runs on each
    """
    claims = {(mode, claim.name): claim
              for mode, full in (("quick", False), ("full", True))
              for claim in load_claims(folder, full)}
    marked = {"-".join(key): claim for key, claim in claims.items()
              if claim.name in (only or {claim.name}) - set(but)}
    return claims, pytest.mark.parametrize(
        "claim", marked.values(), ids=list(marked))


def two_samples(monkeypatch):
    """Make each evaluation's samples two, around its row's metrics.

    A test file makes it a fixture that is used by every test.
    """
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

    monkeypatch.setattr("ci.claims.effects.read_samples", read)


def cells(claim, seeds=SEEDS):
    """List what a claim runs, a solver on a problem with a seed each.

    Parameters
    ----------
    claim : Claim
    seeds : iterable of int

    Yields
    ------
    SimpleNamespace: base, the solver's name; options, sizes and problem, the
    parameters of the solver, of the data set and of the objective as dicts;
    data, the data set's name; seed; and names, the columns of a result that
    say so
    """
    for run, seed in product(claim.runs, seeds):
        for solver, dataset, objective in product(
                run.solver, run.dataset, run.objective):
            base, _, options = _extract_options(solver)
            data, _, sizes = _extract_options(dataset)
            yield SimpleNamespace(
                base=base, options=options, data=data, sizes=sizes,
                problem=_extract_options(objective)[2], seed=seed,
                names={"solver_name": solver, "dataset_name": dataset,
                       "objective_name": objective, "base_seed": seed})


def made_up(claim, metrics, times):
    """Make the table of a claim's runs.

    Parameters
    ----------
    claim : Claim
    metrics : callable, the dict of an evaluation's metrics, and `time`, from
        its cell (see `cells`), which has t, too
    times : list of int, the iterations or depths of evaluations; a network
        has those below its own depth, and that

    Returns
    -------
    DataFrame, as benchopt's results of SEEDS; a list is JSON there.
    """
    table = []
    for cell in cells(claim):
        last = cell.options.get("max_layers", times[-1])
        own = [0, last] if cell.options.get("measure_layers") else [
            *(t for t in times if t < last), last]
        for cell.t in own:
            values = {"time": 1e-3 * cell.t} | metrics(cell)
            table.append(cell.names | {
                "stop_val": cell.t, "sampling_strategy": "Callback",
                **{f"p_obj_{k}": v for k, v in cell.problem.items()},
                "time": values.pop("time"),
                "p_dataset_noise": 0.0, "p_dataset_signals": "codes",
                **{f"p_dataset_{k}": v for k, v in cell.sizes.items()},
                **{f"objective_{k}": json.dumps(v) if isinstance(
                    v, list) else v for k, v in values.items()},
            })
    return pd.DataFrame(table)


class ClaimTests:
    """What the claims of every benchmark are tested for.

    A benchmark's test file derives `@EACH class TestClaims(ClaimTests)` from
    it, with `EACH` of `claims_of`, and has a fixture `tables`, which may ask
    for `claim`: two iterables of DataFrame, made-up results that speak for
    the claim, and others.
    """

    def test_its_check_tells_tables_apart(self, claim, tables):
        for true, of_kind in zip((True, False), tables, strict=True):
            for df in of_kind:
                assert own_rows(claim, df, seeds_of(df)).shape == df.shape
                verdict = judge(claim, df, seeds_of(df))
                assert verdict.parts, verdict.reason
                assert (verdict.verdict in {HOLDS, PROVEN}) is true, verdict

    def test_without_a_solver_it_is_not_run(self, claim, tables):
        df, solver = next(iter(tables[0])), claim.runs[0].solver[0]
        verdict = judge(
            claim, df[df["solver_name"] != solver], seeds_of(df))
        assert verdict.verdict == NOT_RUN
        assert solver in verdict.reason

    def test_its_figure_is_drawn(self, claim, tables):
        assert_drawn(claim.module.figure(next(iter(tables[0]))))


def seeds_of(df):
    """List the seeds of a table."""
    return sorted(df["base_seed"].unique())


def assert_drawn(panels):
    """Assert that every panel has curves of numbers that plotly draws."""
    assert panels
    for panel in panels:
        assert panel.curves
        for curve in panel.curves:
            assert len(curve.x) == len(curve.y) > 0
            assert np.isfinite(curve.y).any()
        assert plotly(panel, {})["data"]
