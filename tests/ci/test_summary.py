"""What opens a report, and how its curves are told apart, in a browser."""
import shutil

import pandas as pd
import pytest
from benchopt.results.parquet import to_parquet

from ci.files import read_result
from ci.report.command import write_report
from ci.report.figures import write_figures

CURVES = "document.getElementById('plot_with_legend_container').data"
NET = "Net[max_layers=3]"
DEPTH = 3


@pytest.fixture(scope="module")
def trained_result(result_file, tmp_path_factory):
    """The run, and a network of three layers that was trained for 2 s."""
    df, metadata = read_result(result_file)
    net = df[(df["solver_name"] == "Gradient[step_size=0.6]")
             & (df["stop_val"] <= DEPTH)]
    net = net.assign(solver_name=NET, objective_train_time_s=2.0,
                     time=net["time"] / 10)
    path = tmp_path_factory.mktemp("trained") / "trained.parquet"
    to_parquet(pd.concat([df, net], ignore_index=True), path, metadata)
    return path


@pytest.fixture(scope="module")
def bench(tiny, tmp_path_factory):
    """The benchmark with a view against iterations."""
    folder = shutil.copytree(
        tiny, tmp_path_factory.mktemp("viewed") / "tiny_benchmark")
    (folder / "config.yml").write_text("""
plot_configs:
  By iteration:
    plot_kind: objective_curve
    objective_curve_X_axis: Iteration
    objective_curve_objective_column: objective_suboptimality
""")
    return folder


@pytest.fixture(scope="module")
def trained_report(bench, trained_result, tmp_path_factory):
    output = tmp_path_factory.mktemp("trained") / "trained.html"
    return write_report(bench, trained_result, output)


@pytest.fixture
def page(open_report, trained_report):
    return open_report(trained_report)


def traces(page):
    """The curves that are drawn, without bands: name -> trace."""
    return {t["name"]: t for t in page.evaluate(CURVES) if t.get("name")}


def test_the_summary_comes_before_the_curves(page):
    summary = page.locator("#summary")
    assert summary.locator("li").count() >= 3
    assert "Fastest to within 1e-06" in summary.inner_text()
    assert summary.locator("tbody tr").count() == 2
    assert "Net" in summary.locator("tbody").inner_text()
    top = page.locator("#plot_container").bounding_box()["y"]
    assert summary.bounding_box()["y"] < top


def test_factors_below_ten_can_be_read_off_the_profile(page):
    page.evaluate("Plotly.relayout('profile', {'xaxis.range': [0, 1.2]})")
    labels = page.locator("#profile .xtick").all_text_contents()
    assert {"1", "2"} <= set(labels)


def test_the_profile_follows_its_menus(page):
    drawn = page.locator("#profile .scatterlayer .trace")
    drawn.first.wait_for()
    seen = set()
    for training in page.locator("#profile_training option").all():
        page.locator("#profile_training").select_option(
            training.inner_text())
        for level in page.locator("#profile_level option").all():
            page.locator("#profile_level").select_option(level.inner_text())
            assert drawn.count() >= 1
            data = page.evaluate("document.getElementById('profile').data")
            assert all(max(t["y"]) <= 1 and min(t["x"]) >= 1 for t in data)
            seen.add(str([(t["x"], t["y"]) for t in data]))
    assert len(seen) >= 4
    # the menus of the curves have not moved, nor their view
    assert page.locator(".view.active").count() == 1


def test_the_view_at_equal_depth_ends_where_the_networks_end(page):
    page.locator(".view", has_text="At equal depth").click()
    found = traces(page)
    assert set(found) == {"Gradient[step_size=0.3]",
                          "Gradient[step_size=0.6]", NET}
    assert all(max(t["x"]) == DEPTH for t in found.values())


def test_lines_and_looks_tell_who_is_who(page):
    def looks():
        return {name: (t["line"]["color"], t["marker"]["symbol"],
                       t["line"]["dash"])
                for name, t in traces(page).items()}

    first = looks()
    assert first[NET][2] == "dash"
    assert {look[2] for name, look in first.items() if name != NET} == {
        "solid"}
    assert len({look[:2] for look in first.values()}) == len(first)
    page.locator("#plot_kind").first.select_option("quartiles")
    assert looks() == {name: first[name] for name in looks()}
    assert NET in looks()


def test_the_legend_is_beside_the_plot(page):
    plot, legend = (page.locator(f"#{name}_container").bounding_box()
                    for name in ("plot_with_legend", "legend"))
    assert legend["x"] >= plot["x"] + plot["width"] - 1
    assert abs(legend["y"] - plot["y"]) < 2
    assert legend["y"] + legend["height"] <= plot["y"] + plot["height"] + 2
    assert legend["x"] + legend["width"] <= 1400


def test_a_narrow_window_has_all(page):
    page.set_viewport_size({"width": 400, "height": 800})
    page.reload()
    page.locator("#profile .scatterlayer .trace").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    for name in ("summary", "profile", "plot_with_legend_container",
                 "legend_container"):
        box = page.locator(f"#{name}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 400, name


def test_the_keyboard_reaches_views_curves_and_menus(page):
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("""() => {
          const e = document.activeElement;
          return e.id || e.className.split(' ')[0] || e.tagName;
        }"""))
    assert {"profile_level", "profile_training", "plot_kind", "view",
            "change_scale"} <= reached
    page.locator(".view", has_text="At equal depth").focus()
    page.keyboard.press("Enter")
    assert len(traces(page)) == 3
    item = page.locator("#plot_legend [role=button]").first
    item.focus()
    page.keyboard.press("Space")
    page.wait_for_function(
        "() => document.querySelector('#plot_legend [role=button]')"
        ".getAttribute('aria-pressed') === 'false'")
    hidden = [t for t in traces(page).values() if t["visible"] is not True]
    assert len(hidden) == 1


def test_without_an_optimum_the_summary_says_so(
    tiny, result_file, tmp_path, open_report
):
    folder = shutil.copytree(tiny, tmp_path / "tiny_benchmark")
    (folder / "config.yml").write_text("plots: [objective_curve, table]\n")
    df, metadata = read_result(result_file)
    path = tmp_path / "plain.parquet"
    to_parquet(df.drop(columns="objective_suboptimality"), path, metadata)
    page = open_report(write_report(folder, path, tmp_path / "plain.html"))
    text = page.locator("#summary").inner_text()
    assert "No optimum of this objective is known" in text
    assert "Lowest final value" in text
    assert page.locator("#profile").count() == 0


def test_figures_have_the_view_at_equal_depth(bench, trained_result,
                                              tmp_path):
    written = write_figures(bench, trained_result, tmp_path, "*networks*")
    assert {path.suffix for path in written} == {".pdf", ".svg"}


def test_the_page_holds_the_summary_and_the_view(trained_report):
    """What can be seen of the page without a browser."""
    html = trained_report.read_text("utf-8")
    summary = html.index('<section id="summary"')
    assert summary < html.index('id="plot_container"')
    assert html.index("Performance profile", summary)
    assert html.index("At equal depth", summary)
