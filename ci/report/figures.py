"""Write the plots of one run as PDF and SVG, fit for a paper."""

import hashlib
import io
import json
import re
from fnmatch import fnmatch
from pathlib import Path

import matplotlib as mpl
import numpy as np
from benchopt.benchmark import Benchmark
from matplotlib.figure import Figure

from ci.files import read_result, write_whole
from ci.html.display import numbers
from ci.report.drawing import DRAW, WIDTH
from ci.report.menus import choices
from ci.report.plots import plot_config, plot_data

STYLE = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 9,
    "legend.frameon": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "0.88",
    "grid.linewidth": 0.5,
    "lines.linewidth": 1.3,
    "lines.markersize": 4,
    "figure.titlesize": 8,
    "figure.constrained_layout.h_pad": 0.08,
    "axes.formatter.limits": (-3, 4),
    "axes.formatter.use_mathtext": True,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "ci",
}
# No dates: the same result gives the same bytes.
METADATA = {
    "pdf": {"CreationDate": None, "ModDate": None},
    "svg": {"Date": None},
}


def write_figures(benchmark, result_file, folder, only="*"):
    """Write each plot of a run, for each choice in its menus.

    Left out are a plot without numbers or equal to another one, bar charts
    of `minimize=False` (benchopt minimises), and boxes per iteration, which
    the curves with their bands show better.

    Parameters
    ----------
    benchmark : str or Path, the benchmark's folder
    result_file : str or Path of the run's parquet file
    folder : str or Path, where the figures go
    only : str, a pattern (`*`, `?`) of the names to write, see `file_name`

    Returns
    -------
    list of Path; UserError if the result cannot be read, or not be written.
    """
    df, metadata = read_result(result_file)
    benchmark = Benchmark(benchmark)
    config = plot_config(benchmark, metadata)
    data, options = plot_data(benchmark, df, config["plots"])
    written, seen, names = [], set(), set()
    for kind, plots in data.items():
        for key, choice in choices(kind, options[kind]).items():
            plot = plots[key]
            shown = json.dumps(plot, default=lambda x: np.asarray(x).tolist())
            if _is_telling(plot, choice) and shown not in seen:
                seen.add(shown)
                name = file_name(kind, choice, options[kind], names)
                names.add(name)
                if fnmatch(name, only):
                    written += _save(plot, Path(folder) / name)
    return written


def file_name(kind, choice, options, taken=()):
    """Name a figure after the choices in which it differs from others.

    Parameters
    ----------
    kind : str, the plot's name
    choice : dict, the value of each menu of the plot
    options : dict of str to list, the values of each of its menus
    taken : collection of str, names that are in use for other figures

    Returns
    -------
    str of letters, digits and `_=.+-`, at most 120 characters, without
    suffix. Data set and objective come last, as theirs are the long names.
    """
    menus = sorted(options, key=["dataset", "objective"].count)
    parts = [choice[menu] for menu in menus if len(options[menu]) > 1]
    full = "_".join([kind, *map(str, parts)])
    name = re.sub(r"[^A-Za-z0-9=.+-]+", "_", full).strip("_.")
    if name not in taken and len(name) <= 120:
        return name
    digest = hashlib.sha256(full.encode()).hexdigest()[:8]
    return f"{name[:111]}-{digest}"


def _is_telling(plot, choice):
    if plot["type"] in ("table", "image"):
        return len(plot["data"]) > 0
    if choice.get("minimize") is False:
        return False
    if plot["type"] == "boxplot" and choice.get("X_axis") == "Iteration":
        return False
    return numbers([item["y"] for item in plot["data"]]).size > 0


def _save(plot, path):
    written = []
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(WIDTH, 1), layout="constrained")
        DRAW[plot["type"]](fig, plot)
        for suffix, metadata in METADATA.items():
            content = io.BytesIO()
            fig.savefig(
                content, format=suffix, bbox_inches="tight", dpi=200,
                metadata=metadata | {"Title": plot["title"]},
            )
            target = path.with_name(f"{path.name}.{suffix}")
            written.append(write_whole(target, content.getvalue()))
    return written
