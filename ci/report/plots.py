"""Plot data, as benchopt computes them, corrected and completed.

The report and the figures both draw what `plot_data` returns.
"""

from itertools import compress, count
from pathlib import Path

import numpy as np
from benchopt.plotting.helpers import reset_solver_styles
from benchopt.utils.parametrized_name_mixin import sanitize

from ci import UserError
from ci.html.styles import Styles, ink, solver_classes
from ci.names import short_names
from ci.ranking.times import trained_solvers
from ci.report.display import SCALES, axis_scale
from ci.report.menus import add_equal_depth, choices

RUN = ["solver_name", "dataset_name", "objective_name"]


def plot_config(benchmark, metadata):
    """Tell which plots and views a benchmark shows.

    Parameters
    ----------
    benchmark : benchopt.benchmark.Benchmark
    metadata : dict, the settings stored in the result file, see `read_result`

    Returns
    -------
    dict, with the names `plots` and the views `plot_configs`; UserError if
    one of the plots does not exist, or has a name that no page can hold.
    """
    config = benchmark.get_plot_config(default_config=metadata)
    known = benchmark.get_plot_names()
    kinds = [sanitize(kind) for kind in config.get("plots", known)]
    wrong = [k for k in kinds if k not in known or not k.isidentifier()]
    if wrong:
        raise UserError(
            f"expected plots among {[k for k in known if k.isidentifier()]}, "
            f"got {wrong}: correct `plots` in {benchmark.get_config_file()}, "
            f"or name the plot with letters, digits, spaces and dashes"
        )
    return config | {"plots": kinds}


def plot_data(benchmark, df, kinds):
    """Compute the data of a benchmark's plots.

    Parameters
    ----------
    benchmark : benchopt.benchmark.Benchmark
    df : DataFrame of the run, see `read_result`
    kinds : list of str, the names of the plots

    Returns
    -------
    data : dict, kind -> key of the choices -> plot, see `complete`
    options : dict, kind -> menu -> list of its values
    """
    reset_solver_styles()
    df = in_order(df)
    data, options = benchmark.get_plot_data(df, kinds)
    if "table" in kinds:
        data |= benchmark.get_plot_data(last_rows(df), ["table"])[0]
    for kind, plots in data.items():
        for key, choice in choices(kind, options[kind]).items():
            complete(plots[key], choice, df)
    styles = styles_of(benchmark, df)
    add_equal_depth(data, options, df, styles)
    names = short_names(df["solver_name"].unique())
    for plots in data.values():
        for plot in plots.values():
            dress(plot, styles)
            shorten(plot, names)
    return data, options


def styles_of(benchmark, df):
    """Return the looks of the solvers of a run.

    Parameters
    ----------
    benchmark : benchopt.benchmark.Benchmark
    df : DataFrame of the run

    Returns
    -------
    Styles
    """
    suite = Path(benchmark.benchmark_dir).resolve().parent
    return Styles(df["solver_name"], trained_solvers(df),
                  solver_classes(suite))


def dress(plot, styles):
    """Give curves, bars and boxes the looks of their solvers.

    Parameters
    ----------
    plot : dict, benchopt's data of one plot; changed
    styles : Styles
    """
    if plot["type"] not in ("scatter", "bar_chart", "boxplot"):
        return
    others = count()
    for item in plot["data"]:
        # a bar with a text is grey: it did not converge
        if not item.get("text"):
            item |= styles.of(item["label"]) or ink(next(others))


def shorten(plot, names):
    """Give bars and boxes short names, for long ones leave them no room.

    Parameters
    ----------
    plot : dict, benchopt's data of one plot; changed
    names : dict, a solver's name -> its short one
    """
    if plot["type"] not in ("bar_chart", "boxplot"):
        return
    for item in plot["data"]:
        item["label"] = names.get(item["label"], item["label"])
        if "x" in item:
            item["x"] = [names.get(x, x) for x in item["x"]]


def in_order(df):
    """Number the tolerances of a solver, so that `stop_val` always grows.

    benchopt's plots take the largest `stop_val` for the end of a run. For a
    solver that is given tolerances, it is the start: they decrease.

    Parameters
    ----------
    df : DataFrame of a run

    Returns
    -------
    DataFrame, a copy with `stop_val` 0, 1, 2, ... for these solvers.
    """
    df = df.copy()
    by_tolerance = df.get("sampling_strategy", "") == "Tolerance"
    if np.any(by_tolerance):
        stop_val = df[by_tolerance].groupby(RUN)["stop_val"]
        ranks = stop_val.rank(method="dense", ascending=False) - 1
        df.loc[by_tolerance, "stop_val"] = ranks
    return df


def last_rows(df):
    """Select the last evaluation of each repetition.

    benchopt's table takes the median over the repetitions that ran longest,
    often a single one.

    Parameters
    ----------
    df : DataFrame of a run, see `in_order`

    Returns
    -------
    DataFrame, one row per solver, data set, objective and repetition, with
    the same `stop_val` for all repetitions.
    """
    df = df.sort_values("stop_val", kind="stable")
    df = df.groupby([*RUN, "idx_rep"]).tail(1)
    return df.assign(stop_val=0)


def complete(plot, choice, df):
    """Make one plot say what it shows, and only what is so.

    Parameters
    ----------
    plot : dict, benchopt's data of one plot; labels, title, scale, and the x
        of a curve that has more x than y, are changed; UserError if such a
        curve cannot be corrected
    choice : dict, the value of each menu of the plot
    df : DataFrame of the run, for what a plot without menus leaves out
    """
    if plot["type"] == "scatter":
        _align(plot, choice, df)
    metric = choice.get("objective_column", "").removeprefix("objective_")
    labels = {"Time": "Time [s]"}
    if "Tolerance" in set(df.get("sampling_strategy", [])):
        labels["Iteration"] = "Iteration, or rank of the tolerance"
    if metric:
        labels["Objective Value"] = labels["Objective Metric"] = metric
        labels["Time [sec]"] = f"Time to its own best {metric} [s]"
    for axis in ("xlabel", "ylabel"):
        label = plot.get(axis, "")
        plot[axis] = labels.get(label, label)
    for kind, prefix in {"objective": "", "dataset": "Data: "}.items():
        used = [choice[kind]] if kind in choice else df[f"{kind}_name"]
        missing = [
            name for name in dict.fromkeys(used) if name not in plot["title"]
        ]
        if len(missing) > 3:
            missing = [f"{len(missing)} different {kind}s"]
        for name in missing:
            plot["title"] = f"{plot['title'].strip()}\n{prefix}{name}"
    if plot["type"] == "scatter":
        x, y = (
            axis_scale([curve[axis] for curve in plot["data"]], axis == "y")
            for axis in "xy"
        )
        plot.setdefault("scale", SCALES[x, y])
    elif plot["type"] in ("bar_chart", "boxplot"):
        y = axis_scale([item["y"] for item in plot["data"]])
        plot.setdefault("scale", y)


def _align(plot, choice, df):
    """Drop the times where a curve has no value.

    benchopt drops an iteration whose metric is NaN in all repetitions from
    `y`, but not from `x`: the rest of the curve would shift.
    """
    for curve in plot["data"]:
        if len(curve["x"]) != len(curve["y"]) and "objective_column" in choice:
            rows = df[
                (df["solver_name"] == curve["label"])
                & (df["dataset_name"] == choice["dataset"])
                & (df["objective_name"] == choice["objective"])
            ]
            metric = rows.groupby("stop_val")[choice["objective_column"]]
            for axis in {"x", "x_low", "x_high"} & set(curve):
                curve[axis] = list(compress(curve[axis], metric.count() > 0))
        if len(curve["x"]) != len(curve["y"]):
            raise UserError(
                f"expected as many x as y in the curve {curve['label']!r} of "
                f"{plot['title']!r}, got {len(curve['x'])} and "
                f"{len(curve['y'])}: correct the benchmark's plot"
            )
