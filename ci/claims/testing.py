"""What the tests of claims share: tables that are made up, and figures."""

import json
from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd
from benchopt.utils.parametrized_name_mixin import _extract_options

from ci.claims.figure import plotly

SEEDS = 0, 1, 2


def made_up(claim, metrics, times):
    """Make the table of a claim's runs.

    Parameters
    ----------
    claim : Claim
    metrics : callable, the dict of an evaluation's metrics, and `time`, from
        its row: base (the solver's name), options, reg, data, sizes, seed, t
    times : list of int, the iterations or depths of evaluations; a network
        has those below its own depth, and that

    Returns
    -------
    DataFrame, as benchopt's results of SEEDS; a list is JSON there.
    """
    table = []
    for run, seed in product(claim.runs, SEEDS):
        for solver, dataset, objective in product(
                run.solver, run.dataset, run.objective):
            base, _, options = _extract_options(solver)
            data, _, sizes = _extract_options(dataset)
            reg = _extract_options(objective)[2]["reg"]
            last = options.get("max_layers", times[-1])
            own = [0, last] if options.get("measure_layers") else [
                *(t for t in times if t < last), last]
            for t in own:
                values = {"time": 1e-3 * t} | metrics(SimpleNamespace(
                    base=base, options=options, reg=reg, data=data,
                    sizes=sizes, seed=seed, t=t))
                table.append({
                    "solver_name": solver, "dataset_name": dataset,
                    "objective_name": objective, "base_seed": seed,
                    "p_obj_reg": reg, "stop_val": t,
                    "time": values.pop("time"),
                    "p_dataset_noise": 0.0, "p_dataset_signals": "codes",
                    **{f"p_dataset_{k}": v for k, v in sizes.items()},
                    **{f"objective_{k}": json.dumps(v) if isinstance(
                        v, list) else v for k, v in values.items()},
                })
    return pd.DataFrame(table)


def assert_drawn(panels):
    """Assert that every panel has curves of numbers that plotly draws."""
    assert panels
    for panel in panels:
        assert panel.curves
        for curve in panel.curves:
            assert len(curve.x) == len(curve.y) > 0
            assert np.isfinite(curve.y).any()
        assert plotly(panel, {})["data"]
