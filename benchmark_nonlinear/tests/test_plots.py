"""Plots of the results of small runs."""
import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def plots(benchmark):
    """The benchmark's plots, by their names."""
    return {plot.name: plot for plot in benchmark.get_plots()
            if hasattr(plot, "name")}


@pytest.fixture
def table(suite):
    """Results of two solvers at two depths, on three problems."""
    rows = []
    for data, a in (("Deconvolution", 0), ("Deconvolution", 2), ("EIT", None)):
        objective = suite.make_objective(
            data, **({} if a is None else {"a": a}))
        for solver in ("Ridge", "LPGD[memory=lstm]"):
            for t in (0, 1):
                x = (objective.start(objective.test.y) if t == 0
                     else objective.test.x)
                rows.append({
                    "solver_name": solver, "stop_val": t, "idx_rep": 0,
                    "time": t, "sampling_strategy": "Iteration",
                    "objective_name": "Nonlinear", "p_dataset_a": a,
                    "dataset_name": f"{data}[a={a},n_x=53]" if a is not None
                    else data,
                } | {f"objective_{key}": value for key, value in
                     objective.evaluate_result(x).items()})
    return pd.DataFrame(rows)


def test_errors_by_nonlinearity_end_at_the_last_layer(plots, table):
    plot = plots["Error by nonlinearity"]
    families = plot.options["family"](table)
    assert families == ["Deconvolution[n_x=53]", "EIT"]
    curves = plot.plot(table, "Nonlinear", families[0])
    assert [curve["x"] for curve in curves] == [[0, 2], [0, 2]]
    assert [curve["y"] for curve in curves] == [[0, 0], [0, 0]]
    assert plot.plot(table, "Nonlinear", "EIT") == []


def test_pictures_of_the_truth(plots, table):
    for dataset in table["dataset_name"].unique():
        shown = plots["Pictures"].plot(table, dataset, "Nonlinear")
        assert [one["label"] for one in shown][0] == "truth"
        for one in shown[1:]:  # the last evaluation is the truth
            np.testing.assert_array_equal(one["image"], shown[0]["image"])
        assert (shown[0]["image"] >= 0).all()
        assert (shown[0]["image"] <= 1).all()


def test_reconstructions_of_the_first_sample(plots, table, suite):
    curves = plots["Reconstructions"].plot(table, "EIT", "Nonlinear")
    truth = suite.make_objective("EIT").test.x[0]
    for curve in curves:
        np.testing.assert_allclose(curve["y"], truth, rtol=1e-6)
