"""The menus of plots, and one choice more: curves at equal depth.

Iterative methods go on for thousands of iterations, networks end after tens
of layers: on an axis for both they fill a corner.
"""

from itertools import product

from ci.ranking.times import trained_solvers
from ci.report.display import SCALES, axis_scale

ITERATIONS = "Iteration", "Iterations or layers"
"""What menus call the axis, benchopt's and the suite's."""
EQUAL_DEPTH = "As deep as the networks"


def choices(kind, options):
    """List the choices that a plot offers, under benchopt's names for them.

    Parameters
    ----------
    kind : str, the plot's name
    options : dict of str to list, the values of each of its menus

    Returns
    -------
    dict of str to dict: the key of the plot's data -> the value per menu.
    """
    return {
        key_of(kind, values): dict(zip(options, values, strict=True))
        for values in product(*options.values())
    }


def key_of(kind, values):
    """Return benchopt's key of a plot's data, by its values of the menus."""
    return "_".join(map(str, [kind, *values]))


def add_equal_depth(data, options, df, styles):
    """Add the choice of equal depth to the plots against iterations.

    Parameters
    ----------
    data, options : dict, see `ci.report.plots.plot_data`; changed
    df : DataFrame of the run
    styles : ci.html.styles.Styles
    """
    iterated = set(df["solver_name"][
        df["sampling_strategy"].isin(["Iteration", "Callback"])])
    layers = df[df["solver_name"].isin(trained_solvers(df) & iterated)]
    depths = layers.groupby(["dataset_name", "objective_name"])[
        "stop_val"].max().to_dict()
    for kind, menus in options.items():
        axis = next((a for a in menus.get("X_axis", ()) if a in ITERATIONS),
                    None)
        plots = data[kind]
        if not depths or axis is None or any(
                plot["type"] != "scatter" for plot in plots.values()):
            continue
        menus["X_axis"] = [*menus["X_axis"], EQUAL_DEPTH]
        for key, choice in choices(kind, menus).items():
            if choice["X_axis"] == EQUAL_DEPTH:
                whole = plots[key_of(
                    kind, (choice | {"X_axis": axis}).values())]
                depth = depths.get((choice["dataset"], choice["objective"]))
                plots[key] = cut(whole, depth or 0, lambda label: (
                    iterated.issuperset(styles.named(label))))


def cut(plot, depth, keeps):
    """Cut the curves of a plot at a depth.

    Parameters
    ----------
    plot : dict, the data of one plot
    depth : float, the last x
    keeps : callable of a label, whether its x are iterations

    Returns
    -------
    dict, the plot without the points beyond, and without empty curves
    """
    curves = []
    for curve in filter(lambda curve: keeps(curve["label"]), plot["data"]):
        kept = [x <= depth for x in curve["x"]]
        if any(kept):
            curves.append(curve | {
                name: [v for v, k in zip(curve[name], kept, strict=True) if k]
                for name in ("x", "y", "x_low", "x_high", "y_low", "y_high")
                if name in curve})
    y = axis_scale([curve["y"] for curve in curves], drop_zeros=True)
    return plot | {"data": curves, "scale": SCALES["linear", y],
                   "xlabel": f"{plot['xlabel']}, to the deepest network's "
                             f"{depth:g}"}


def with_equal_depth(views, options):
    """Add a view at equal depth behind the first one against iterations.

    Parameters
    ----------
    views : dict, name -> settings, `plot_configs` of benchopt
    options : dict, see `ci.report.plots.plot_data`

    Returns
    -------
    dict, the views; the same if there is no such choice or view
    """
    found, added = {}, False
    for name, view in views.items():
        found[name] = view
        kind = view.get("plot_kind")
        menu = f"{kind}_X_axis"
        deep = EQUAL_DEPTH in options.get(kind, {}).get("X_axis", ())
        if deep and not added and view.get(menu) in ITERATIONS:
            found["At equal depth"] = view | {
                menu: EQUAL_DEPTH, "scale": "semilog-y"}
            added = True
    return found
