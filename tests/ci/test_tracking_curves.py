"""Curves are summed up as their formulas say."""
import numpy as np
import pandas as pd
import pytest

from ci.curves import LEVELS, area, cost_to_level
from ci.tracking.metrics import MEMORY, records_of


def test_geometric_curves_are_interpolated_exactly():
    """Of excess r^n, sampled coarsely, n = log(level) / log(r) is exact."""
    rate, n = 0.7, np.array([0, 1, 5, 17, 40, 90])
    for level in LEVELS:
        exact = np.log(level) / np.log(rate)
        assert cost_to_level(n, rate**n, level) == pytest.approx(exact)
        assert cost_to_level(n, rate**n, level, between=False) == n[
            rate**n <= level][0]


def test_ends_of_curves():
    """A level below the curve, at its start, or between it and zero."""
    assert cost_to_level([0, 1], [1, 0.1], 1e-2) == np.inf
    assert cost_to_level([3, 4], [1e-3, 1], 1e-2) == 3
    assert 1 < cost_to_level([1, 2], [1, 0], 1e-2) < 2
    assert 1 < cost_to_level([1, 2], [1, -1e-18], 1e-2) < 2
    assert cost_to_level([0, 1, 2], [1, np.nan, 1e-3], 1e-2) == 2
    assert cost_to_level([0, 1], [np.inf, 1e-3], 1e-2) == 1
    with pytest.raises(ValueError, match="at least one evaluation"):
        cost_to_level([], [], 1e-2)
    with pytest.raises(ValueError, match="shapes"):
        area([1, 2], [1])


def test_area_is_the_integral_relative_to_the_start():
    n = np.linspace(0, 60, 6001)
    exact = (1 - np.exp(-60 * 0.3)) / 0.3
    assert area(n, 5 * np.exp(-0.3 * n)) == pytest.approx(exact, rel=1e-5)
    assert area([0, 1], [0, 0]) == 0
    assert area([0, 1], [1, np.nan]) == np.inf


def curve(solver, strategy, stop_val, value, best=None, **metrics):
    df = pd.DataFrame({
        "solver_name": solver, "dataset_name": "D", "objective_name": "O",
        "sampling_strategy": strategy, "stop_val": stop_val,
        "time": np.arange(len(value)) * 0.1, "objective_value": value})
    if best is not None:
        df["objective_suboptimality"] = np.array(value) - best
    for name, v in metrics.items():
        df[f"objective_{name}"] = v
    return df


def values(df, solver):
    return {r.metric: r.value for r in records_of(df) if r.solver == solver}


def test_records_of_a_run():
    """Iterations of iterative solvers only; seconds of all; no empty ones."""
    n = np.arange(0, 41, 2)
    df = pd.concat([
        curve("GD", "Iteration", n, 3 + 0.5**n, 3),
        curve("Exact", "Tolerance", [1e38, 1e-3, 1e-9], [4, 3.005, 3], 3),
        curve("Net", "Iteration", [0, 1], [4, 3.5], 3,
              train_time_s=[0.0, 2.5], n_parameters=[0, 7])])
    found = values(df, "GD")
    for level in LEVELS:
        exact = np.log(level) / np.log(0.5)
        name = f"{level:.0e}"
        assert found[f"iterations to {name}"] == pytest.approx(exact)
        assert found[f"seconds to {name}"] == pytest.approx(exact / 20)
    assert found["final value"] == pytest.approx(3)
    assert "training (s)" not in found
    found = values(df, "Exact")
    assert found["seconds to 1e-02"] == pytest.approx(0.1)
    assert found["seconds to 1e-06"] == pytest.approx(0.2)
    assert not [name for name in found if "iterations" in name]
    found = values(df, "Net")
    assert found["training (s)"] == 2.5
    assert found["parameters"] == 7
    assert found["iterations to 1e-02"] == np.inf
    [memory] = [r for r in records_of(df, 12.5) if r.metric == MEMORY]
    assert (memory.solver, memory.value) == ("all", 12.5)


def test_without_an_optimum_a_curve_is_measured_from_its_own_end():
    n = np.arange(0, 60, 3)
    found = values(curve("GD", "Callback", n, 7 + 0.6**n), "GD")
    exact = np.log(1e-4) / np.log(0.6)
    assert found["iterations to 1e-04"] == pytest.approx(exact, rel=1e-6)
    assert "final excess" not in found
