"""Figures for a paper: which are written, and what they contain."""

import shutil
import xml.etree.ElementTree as ET

import pytest
from benchopt.results.parquet import to_parquet

from ci.files import read_result
from ci.report.figures import file_name, write_figures


@pytest.fixture(scope="module")
def small_result(result_file, tmp_path_factory):
    """The run on one data set, with one metric next to NaN and text."""
    df, metadata = read_result(result_file)
    df = df[df["dataset_name"].str.endswith("n_dim=9]")]
    path = tmp_path_factory.mktemp("small") / "small.parquet"
    to_parquet(df.drop(columns="objective_value"), path, metadata)
    return path


@pytest.fixture(scope="module")
def figures(tiny, small_result, tmp_path_factory):
    """Name -> path, of the figures of one data set."""
    folder = tmp_path_factory.mktemp("figures")
    written = write_figures(tiny, small_result, folder)
    assert sorted(written) == sorted(folder.iterdir())
    return {path.name: path for path in written}


def test_each_telling_plot_is_written_as_pdf_and_svg(figures):
    metrics = ["objective_suboptimality", "objective_nan_at_zero"]
    expected = {
        "pictures",
        "table",
        "table_of_ends",
        "quartiles_suboptimality",
        "quartiles_nan_at_zero",
        # the same for every metric, so written once
        f"boxplot_{metrics[0]}_Solver_Time",
    }
    for metric in metrics:
        expected |= {
            f"objective_curve_{metric}_Time",
            f"objective_curve_{metric}_Iteration",
            f"bar_chart_{metric}_True",
            f"boxplot_{metric}_Solver_Objective_Metric",
        }
    assert set(figures) == {
        f"{name}.{suffix}" for name in expected for suffix in ("pdf", "svg")
    }


def test_figures_name_objective_data_and_solvers(figures):
    for path in figures.values():
        if path.suffix == ".svg":
            text = "".join(ET.parse(path).getroot().itertext())
            assert "Tiny <ridge>[reg=0.5]" in text, path
            assert """Made-up[label=a<b & "c" 'd',n_dim=9]""" in text, path
            assert "Gradient[step_size=0.3]" in text, path


def test_pdfs_are_whole_and_embed_their_font(figures):
    for path in figures.values():
        if path.suffix == ".pdf":
            content = path.read_bytes()
            assert content.startswith(b"%PDF-")
            assert content.rstrip().endswith(b"%%EOF")
            assert b"/FontFile2" in content, path
            assert b"/Type3" not in content, path


def test_the_same_result_gives_the_same_bytes(
    figures, tiny, small_result, tmp_path
):
    benchmark = shutil.copytree(tiny, tmp_path / "bench")
    plots = ["quartiles", "boxplot", "table"]
    (benchmark / "config.yml").write_text(f"plots: {plots}\n")
    again = write_figures(benchmark, small_result, tmp_path / "again")
    assert len(again) == 2 * 6
    for path in again:
        assert path.read_bytes() == figures[path.name].read_bytes()


def test_only_the_figures_of_a_pattern(tiny, small_result, tmp_path):
    [pdf, svg] = write_figures(tiny, small_result, tmp_path, only="*ends")
    assert (pdf.name, svg.name) == ("table_of_ends.pdf", "table_of_ends.svg")


def test_file_names_tell_what_differs_and_stay_apart():
    options = {"dataset": ["d[n=1]", "d[n=2]"], "X": ["a"], "metric": [1, 2]}
    choice = {"dataset": "d[n=2]", "X": "a", "metric": 1}
    name = file_name("plot", choice, options)
    assert name == "plot_1_d_n=2"
    assert file_name("plot", choice, options, {name}) != name
    long_names = {
        file_name("a" * 300 + end, choice, options) for end in "xy"
    }
    assert len(long_names) == 2
    assert max(map(len, long_names)) <= 120
