"""The shared plots, on tables that are made up."""
import numpy as np
import pandas as pd
import pytest

from unrolling.bench.plots import (
    FLOOR,
    CurvePlot,
    TrainingCostPlot,
    select,
    short_labels,
)


class Curves(CurvePlot):
    """Two metrics."""

    name = "Curves"
    metrics = {"mean": ("objective_mean", "F - F*"),
               "other": ("objective_other", "gap")}


class Cost(TrainingCostPlot):
    """One metric."""

    name = "Cost"
    metric = ("objective_mean", "F - F*")


def table(solver="A[step=1]", strategy="Iteration", n_runs=3, stop_vals=(
        0, 1, 2), **columns):
    """Rows of a solver: in run r at stop_val t, the time is t + r / 10 and
    the metric 10^-t (r + 1)."""
    return pd.DataFrame([{
        "dataset_name": "data", "objective_name": "F", "solver_name": solver,
        "sampling_strategy": strategy, "idx_rep": r, "stop_val": t,
        "time": t + r / 10, "objective_mean": 10.0**-t * (r + 1), **columns,
    } for r in range(n_runs) for t in stop_vals])


def plot(cls, df, **options):
    instance = cls.get_instance()
    instance._check()
    return instance.plot(df, "data", "F", **options)


@pytest.mark.parametrize("cls", [Curves, Cost])
def test_every_entry_of_the_menus_is_drawn(cls):
    plots, options = cls.get_instance()._get_all_plots(table(
        objective_other=1.0, objective_train_time_s=2.0))
    assert len(plots) == np.prod([len(v) for v in options.values()])
    for data in plots.values():
        assert [c["label"] for c in data["data"]] == ["A"]
        assert data["title"] == "F\nData: data"
        assert data["xlabel"]
        assert data["ylabel"] in ("F - F*", "gap")


def test_medians_and_quartiles_in_time():
    [curve] = plot(Curves, table(), X_axis="Time", metric="mean")
    np.testing.assert_allclose(curve["x"], [0.1, 1.1, 2.1])
    np.testing.assert_allclose(curve["y"], [2, 0.2, 0.02])
    np.testing.assert_allclose(curve["x_low"], [0.05, 1.05, 2.05])
    np.testing.assert_allclose(curve["x_high"], [0.15, 1.15, 2.15])


def test_one_run_has_no_quartiles():
    [curve] = plot(Curves, table(n_runs=1), X_axis="Time", metric="mean")
    assert "x_low" not in curve


def test_iterations_are_those_of_iterative_solvers_without_the_start():
    df = pd.concat([table(), table("B", "Tolerance", stop_vals=(1e-3, 1.0))])
    [curve] = plot(Curves, df, X_axis="Iterations or layers", metric="mean")
    assert (curve["label"], curve["x"]) == ("A", [1, 2])
    assert "x_low" not in curve


def test_products_are_worth_layers():
    """Two are one, for the solver that counts them."""
    df = pd.concat([table(), table("CD", objective_products=3.0)])
    one, cd = plot(Curves, df, X_axis="Iterations or layers", metric="mean")
    assert (one["label"], one["x"]) == ("A", [1, 2])
    assert (cd["label"], cd["x"]) == ("CD", [1.5, 1.5])
    np.testing.assert_allclose(cd["y"], [0.2, 0.02])


def test_tolerances_go_from_rough_to_accurate():
    df = table("B", "Tolerance", stop_vals=(1e-3, 1e-6, 1.0), n_runs=1)
    [curve] = plot(Curves, df, X_axis="Time", metric="mean")
    np.testing.assert_allclose(curve["x"], [1.0, 1e-3, 1e-6])


def test_negative_values_are_drawn_at_the_floor():
    df = table(n_runs=1)
    df["objective_mean"] *= -1
    [curve] = plot(Curves, df, X_axis="Time", metric="mean")
    assert curve["y"] == [FLOOR] * 3


def test_a_metric_that_is_missing_has_no_curve():
    """For all solvers, and for one of them."""
    assert plot(Curves, table(), X_axis="Time", metric="other") == []
    df = pd.concat([table(), table("B", objective_other=1.0)])
    [curve] = plot(Curves, df, X_axis="Time", metric="other")
    assert curve["label"] == "B"


def test_training_cost_is_of_those_that_train():
    trained = table("N", objective_train_time_s=5.0)
    trained.loc[trained["stop_val"] == 0, "objective_train_time_s"] = 0.0
    [curve] = plot(Cost, pd.concat([table(), trained]))
    assert curve["label"] == "N"
    assert curve["x"] == [5, 5]
    np.testing.assert_allclose(curve["y"], [0.2, 0.02])
    assert plot(Cost, table()) == []


def test_labels_name_what_varies():
    df = pd.concat([
        table("A[rho=1,step=1]", p_solver_rho=1, p_solver_step=1),
        table("A[rho=2,step=1]", p_solver_rho=2, p_solver_step=1),
        table("B[step=3]", p_solver_step=3)])
    assert short_labels(df) == {
        "A[rho=1,step=1]": "A[rho=1]", "A[rho=2,step=1]": "A[rho=2]",
        "B[step=3]": "B"}
    assert set(select(df, "data", "F")["label"]) == {
        "A[rho=1]", "A[rho=2]", "B"}
    assert select(df, "other", "F").empty


def test_markers_are_those_of_the_page():
    """benchopt numbers labels without an end, and its page has 53 symbols."""
    df = pd.concat([table(f"A{n}") for n in range(60)])
    curves = plot(Curves, df, X_axis="Time", metric="mean")
    markers = {curve["marker"] for curve in curves}
    assert len(curves) == 60
    assert markers == set(range(53))
