"""The plot of signals, on a table that is made up."""
import pandas as pd
import pytest


def table(truth):
    """Two solvers, one of which was sampled twice."""
    rows = [("A", 1, 0.1, "[1.0, 1.0]"), ("A", 2, 0.2, "[1.0, 2.0]"),
            ("B", 1e-3, 0.3, "[0.0, 3.0]")]
    columns = {"objective_truth": truth} if truth else {}
    return pd.DataFrame([{
        "dataset_name": "data", "objective_name": "TV", "solver_name": name,
        "stop_val": stop_val, "time": time, "objective_signal": signal,
        **columns} for name, stop_val, time, signal in rows])


@pytest.mark.parametrize("truth", ["[5.0, 6.0]", None])
def test_last_signals_are_drawn_over_the_truth(suite, truth):
    plots, _ = suite.plots["signals"].get_instance()._get_all_plots(
        table(truth))
    [plot] = plots.values()
    drawn = {curve["label"]: curve["y"] for curve in plot["data"]}
    expected = {"A": [1, 2], "B": [0, 3]}
    assert drawn == ({"truth": [5, 6]} if truth else {}) | expected
    assert all(curve["x"] == [0, 1] for curve in plot["data"])
