"""Plot data: what is corrected of benchopt's, and how it is labelled."""

import numpy as np
import pandas as pd
import pytest
from benchopt.benchmark import Benchmark

from ci import UserError
from ci.files import read_result
from ci.html.display import numbers
from ci.names import short_names
from ci.report.display import axis_scale, wrap
from ci.report.plots import (
    complete,
    in_order,
    last_rows,
    plot_data,
    shorten,
)


def test_a_solver_by_tolerance_ends_at_its_smallest(tiny, result_file):
    df, _ = read_result(result_file)
    data, _ = plot_data(Benchmark(tiny), df, ["table", "boxplot"])
    table = next(iter(data["table"].values()))
    gaps = {row[0]: row[table["columns"].index("suboptimality")]
            for row in table["data"]}
    assert gaps["Until-small"] < 1e-4 < gaps["Lazy"]
    [boxes] = [
        plot["data"] for key, plot in data["boxplot"].items()
        if "n_dim=4" in key
        and key.endswith("objective_suboptimality_Solver_Objective Metric")
    ]
    [box] = [box for box in boxes if box["label"] == "Until-small"]
    assert max(box["y"][0]) < 1e-4


def test_bars_and_boxes_have_short_names(tiny, result_file):
    """Those of solvers alone, wherever they stand."""
    df, _ = read_result(result_file)
    data, _ = plot_data(Benchmark(tiny), df, ["bar_chart", "boxplot"])
    names = set(short_names(df["solver_name"].unique()).values())
    bars, boxes = data["bar_chart"].values(), data["boxplot"].values()
    assert {item["label"] for plot in bars for item in plot["data"]} == names
    assert {x for plot in boxes for item in plot["data"] for x in item["x"]
            if isinstance(x, str)} == names
    plot = {"type": "bar_chart", "data": [{"label": "S[a=1]"},
                                          {"label": "Data[a=1]"}]}
    shorten(plot, {"S[a=1]": "S"})
    assert [item["label"] for item in plot["data"]] == ["S", "Data[a=1]"]


def test_tolerances_are_numbered_and_iterations_kept():
    run = {"dataset_name": "d", "objective_name": "o"}
    df = pd.DataFrame([
        run | {"solver_name": name, "sampling_strategy": name, "stop_val": x}
        for name, x in [
            ("Tolerance", 3e38), ("Tolerance", 1e-2), ("Tolerance", 1e-4),
            ("Iteration", 0), ("Iteration", 5),
        ]
    ])
    assert in_order(df)["stop_val"].tolist() == [0, 1, 2, 0, 5]
    assert df["stop_val"].max() == 3e38
    without = df.drop(columns="sampling_strategy")
    pd.testing.assert_frame_equal(in_order(without), without)


def test_every_repetition_counts_at_its_end():
    df = pd.DataFrame({
        "solver_name": "s", "dataset_name": "d", "objective_name": "o",
        "idx_rep": [0, 0, 1, 1], "stop_val": [7, 1, 1, 2],
        "objective_value": [70, 10, 11, 21],
    })
    assert last_rows(df)["objective_value"].tolist() == [21, 70]
    assert last_rows(df)["stop_val"].nunique() == 1


@pytest.mark.parametrize(("values", "drop_zeros", "scale"), [
    ([1, 99], False, "linear"),
    ([1, 100], False, "log"),
    ([[1], [None, np.nan, np.inf, 100]], False, "log"),
    ([0, 1, 100], False, "linear"),
    ([0, -1e-15, 1, 100], True, "log"),
    ([-1, 1, 100], True, "linear"),
    ([0, 0], True, "linear"),
    ([], True, "linear"),
    (["text"], False, "linear"),
])
def test_axis_scale(values, drop_zeros, scale):
    assert axis_scale(values, drop_zeros) == scale


def test_numbers_keeps_the_finite_ones():
    assert numbers([1, [2.5, None, "3", [np.nan, -np.inf]]]).tolist() == [
        1, 2.5
    ]


def test_wrap_breaks_names_between_parameters():
    name = "simulated[n_atoms=100,n_dim=64]"
    assert wrap(name, 25) == "simulated[n_atoms=100,\nn_dim=64]"
    assert wrap(name, 100) == name
    assert wrap("averylongword", 5) == "averylongword"


def test_a_curve_with_more_x_than_y_is_refused():
    plot = {
        "type": "scatter", "title": "T", "xlabel": "x", "ylabel": "y",
        "data": [{"x": [1, 2], "y": [1], "label": "A"}],
    }
    choice = {"dataset": "d", "objective": "o"}
    with pytest.raises(UserError, match="as many x as y"):
        complete(plot, choice, None)
