"""The report in a real browser: every plot is drawn, and drawn right."""

import numpy as np
import pytest

from ci.files import read_result

CURVES = "document.getElementById('plot_with_legend_container').data"


@pytest.fixture
def page(open_report, report):
    """The report, opened without a network."""
    return open_report(report)


def show(page, kind, **menus):
    """Select a plot, then entries of its menus."""
    page.locator("#plot_kind").first.select_option(kind)
    for name, value in menus.items():
        menu = page.locator(f"#change_{kind}_{name}").first
        menu.select_option(value)


def column(page, index):
    """Return the texts of a column of the table, once it is there."""
    cells = page.locator(f"#table_container tbody td:nth-child({index + 1})")
    cells.first.wait_for()
    return cells.all_inner_texts()


def sort_by(page, index):
    """Click on a column's header; returns the new texts of the column."""
    page.locator("#table_container th").nth(index).click()
    page.wait_for_timeout(100)
    return column(page, index)


def test_every_plot_is_drawn(check_report, report):
    # four solvers; a curve has two traces more for its band
    assert check_report(report) == {
        "objective_curve": 12, "bar_chart": 4, "boxplot": 4, "table": 4,
        "pictures": 5, "quartiles": 12, "table_of_ends": 4,
    }


def test_table_sorts_both_ways_and_shows_small_numbers(page):
    show(page, "table")
    assert any("e-" in text for text in column(page, 4))
    times = [float(text) for text in column(page, 4)]
    up = [float(text) for text in sort_by(page, 4)]
    down = [float(text) for text in sort_by(page, 4)]
    assert up == sorted(times)
    assert down == sorted(times, reverse=True)


def test_table_sorts_nan_after_the_numbers(page):
    show(page, "table_of_ends")
    up, down = sort_by(page, 2), sort_by(page, 2)
    assert up[-1] == down[0] == "NaN"
    numbers = [float(text) for text in up[:-1]]
    assert numbers == sorted(numbers)


def test_names_and_docstrings_stay_text(page):
    show(page, "quartiles")
    assert "Tiny <ridge>" in page.locator("h2").first.inner_text()
    described = page.locator(".curve-description-body").first.text_content()
    assert "</script><script>window.obeyed = true</script>" in described
    assert '<img src="https://example.org/pixel.png"' in described
    assert page.evaluate("window.obeyed") is None
    names = page.locator("#change_quartiles_dataset option").all_inner_texts()
    assert """Made-up[label=a<b & "c" 'd',n_dim=4]""" in names


def test_curves_keep_their_times_where_a_metric_is_nan(page, result_file):
    df, _ = read_result(result_file)
    show(page, "objective_curve", objective_column="objective_nan_at_zero")
    [curve] = [
        trace for trace in page.evaluate(CURVES)
        if trace.get("name") == "Gradient[step_size=0.6]"
    ]
    rows = df[
        (df["solver_name"] == curve["name"])
        & (df["dataset_name"] == df["dataset_name"].iloc[0])
        & df["objective_nan_at_zero"].notna()
    ]
    expected = rows.groupby("stop_val")["time"].median()
    assert rows["stop_val"].min() > 0
    np.testing.assert_allclose(curve["x"], expected)


def test_suboptimal_curves_survive_nan_and_move_with_their_bands(page):
    show(page, "quartiles", metric="nan_at_zero")
    before = page.evaluate(CURVES)[:3]
    page.evaluate("setState({suboptimal_curve: true})")
    after = page.evaluate(CURVES)[:3]
    shifts = [
        np.subtract(old["y"][1:], new["y"][1:])
        for old, new in zip(before, after, strict=True)
    ]
    assert min(after[0]["y"][1:]) >= 1e-10
    np.testing.assert_allclose(shifts, shifts[0][0])


def test_a_metric_without_numbers_is_an_empty_plot(page):
    show(page, "boxplot", Y_axis="Objective Metric")
    assert page.locator(".boxlayer path.box").count() == 4
    show(page, "boxplot", objective_column="objective_verdict")
    assert page.locator(".boxlayer path.box").count() == 0


def test_titles_of_several_lines_have_room(page):
    show(page, "quartiles")
    plot = page.locator("#plot_container")
    title = plot.locator(".gtitle").bounding_box()
    frame = plot.locator(".nsewdrag").first.bounding_box()
    assert title["y"] + title["height"] <= frame["y"]
    show(page, "pictures")
    lines = page.locator("#image_container h2").inner_text().split("\n")
    assert lines[:2] == ["Pictures", "of ramps"]


def test_scales_follow_the_data_and_the_views(page):
    scale = page.locator("#change_scale").first
    show(page, "objective_curve", X_axis="Iteration")
    assert scale.input_value() == "linear"
    show(page, "objective_curve", objective_column="objective_suboptimality")
    assert scale.input_value() == "semilog-y"
    scale.select_option("loglog")
    show(page, "objective_curve", dataset=page.locator(
        "#change_objective_curve_dataset option"
    ).nth(1).get_attribute("value"))
    assert scale.input_value() == "loglog"
    show(page, "quartiles")
    assert scale.input_value() == "semilog-y"
    show(page, "table")
    page.locator(".view", has_text="Linear").click()
    assert scale.input_value() == "linear"
    assert page.evaluate(CURVES)


def test_buttons_download_the_data_and_the_page(
    page, open_report, result_file, tmp_path
):
    with page.expect_download() as download:
        page.get_by_text("Data", exact=True).first.click()
    assert download.value.suggested_filename == result_file.name
    assert download.value.path().read_bytes() == result_file.read_bytes()
    show(page, "table")
    with page.expect_download() as download:
        page.get_by_text("HTML", exact=True).first.click()
    copy = tmp_path / "copy.html"
    download.value.save_as(copy)
    page = open_report(copy)
    show(page, "bar_chart")
    assert page.locator(".barlayer .point").count() == 4
