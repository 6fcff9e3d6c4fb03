"""Write each run as one HTML file that opens without a network.

benchopt computes and lays out the page; `offline.py`, `repairs.py` and
`plots.py` say what is changed in it.
"""

import html
from pathlib import Path
from types import SimpleNamespace

from benchopt.benchmark import Benchmark
from benchopt.plotting.generate_html import (
    get_metadata,
    get_sysinfo,
    render_all_results,
)
from benchopt.plotting.helpers import update_plot_data_style

from ci import UserError
from ci.files import benchmark_folder, find_results, read_result, write_whole
from ci.html.page import script_json
from ci.report.display import wrap
from ci.report.figures import write_figures
from ci.report.menus import with_equal_depth
from ci.report.offline import DATA, HOME, offline
from ci.report.plots import plot_config, plot_data, styles_of
from ci.report.summary import summary

# characters in a line of the title, for a window of 1200 pixels
TITLE_WIDTH = 70


def add_arguments(parser):
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    """
    parser.add_argument("benchmark", help="the benchmark's folder")
    parser.add_argument(
        "results", nargs="*", type=Path,
        help="result files (.parquet); default: the newest of its outputs",
    )
    parser.add_argument(
        "--all", action="store_true", dest="every",
        help="all result files of its outputs",
    )
    parser.add_argument(
        "--output", type=Path,
        help="file (.html) or folder; default: beside each result file",
    )
    parser.add_argument(
        "--figures", action="store_true",
        help="also write each plot as PDF and SVG into <report>_figures/",
    )
    parser.add_argument(
        "--only", default="*", metavar="PATTERN",
        help="only figures with such a name, for example '*suboptimality*'",
    )


def run(args):
    """Run `python -m ci report` and print the path of each report.

    Parameters
    ----------
    args : argparse.Namespace, see `add_arguments`
    """
    folder = benchmark_folder(args.benchmark)
    files = args.results or find_results(folder, args.every)
    to_file = args.output is not None and args.output.suffix == ".html"
    if to_file and len(files) > 1:
        raise UserError(
            f"expected a folder as --output for {len(files)} result files, "
            f"got {args.output}: leave .html out"
        )
    for file in files:
        output = args.output or file.parent
        if not to_file:
            output = output / f"{file.stem}.html"
        print(write_report(folder, file, output))
        if args.figures:
            figures = output.with_name(f"{output.stem}_figures")
            written = write_figures(folder, file, figures, args.only)
            print(f"{figures} ({len(written)} files)")


def write_report(benchmark, result_file, output):
    """Write the report of one run.

    Parameters
    ----------
    benchmark : str or Path, the benchmark's folder
    result_file : str or Path of the run's parquet file
    output : str or Path of the HTML file

    Returns
    -------
    Path, `output`; UserError if the result cannot be read, drawn or written.
    """
    result_file = Path(result_file)
    df, metadata = read_result(result_file)
    benchmark = Benchmark(benchmark)
    config = plot_config(benchmark, metadata)
    data, options = plot_data(benchmark, df, config["plots"])
    for plots in data.values():
        for plot in plots.values():
            plot["title"] = wrap(plot["title"], TITLE_WIDTH)
    data = update_plot_data_style(data, plotly=True)
    texts = get_metadata(
        df, with_equal_depth(config.get("plot_configs", {}), options))
    for name in ("solvers_description", "obj_description"):
        texts[name] = _escaped(texts[name])
    result = {
        "fname": DATA,
        "kinds": config["plots"],
        "sysinfo": _escaped(get_sysinfo(df)),
        "metadata": texts,
        "plot_options": _escaped(options),
        "json_plots": script_json(data),
    }
    title = SimpleNamespace(pretty_name=html.escape(benchmark.pretty_name))
    [page] = render_all_results([result], title, home=HOME)
    page = offline(
        page, result_file, summary(df, styles_of(benchmark, df)))
    return write_whole(Path(output), page.encode("utf-8"))


def _escaped(value):
    """Escape every text in dicts and lists for HTML, but no keys."""
    if isinstance(value, dict):
        return {key: _escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return html.escape(str(value))
