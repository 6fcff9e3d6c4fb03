"""The static site: every page, every link, a narrow window, no network."""
import json
import re
import shutil
from urllib.parse import urldefrag

import pytest

from ci import UserError
from ci.__main__ import main
from ci.claims.parts import Effect, Part
from ci.claims.record import written
from ci.html.page import requests
from ci.site.command import pages_of
from ci.site.configs import selects
from ci.site.findings import Benchmark
from ci.tracking.snapshots import save

OBJECTIVE = '''
class Objective:
    """Nothing ran & all is <new>.

    Second paragraph.

    Third paragraph.
    """

    name = "Bare"
'''


@pytest.fixture(scope="module")
def site(tiny, tmp_path_factory):
    """The site of one benchmark with results, of one with a snapshot under
    git, and of one that nothing is known of."""
    root = tmp_path_factory.mktemp("suite")
    shutil.copytree(tiny, root / "benchmark_tiny")
    bare = root / "benchmark_bare"
    bare.mkdir()
    (bare / "objective.py").write_text(OBJECTIVE)
    kept = root / "benchmark_kept"
    save(next((tiny / "outputs").glob("*.parquet")), kept / "snapshots",
         "main")
    for name in ("objective.py", "configs"):
        copy = shutil.copytree if name == "configs" else shutil.copyfile
        copy(tiny / name, kept / name)
    (root / "benchmark_tiny" / "claims" / "verdicts.json").write_text(
        json.dumps([{"name": "G1", "title": "Bigger <steps>",
                     "verdict": "holds", "mode": "quick",
                     "seeds": [0, 1, 2], "parts": [written(
                         Part("there", "a & b", Effect(2.0, 1.5, 3.0)))]}]))
    page = root / "benchmark_tiny" / "outputs" / "claims_quick"
    page.mkdir()
    (page / "claims.html").write_text(
        "<!DOCTYPE html><title>c</title><h2 id=G1>G1</h2>")
    (root / "README.md").write_text(
        "[first](benchmark_tiny/README.md), [next](benchmark_kept/README.md)")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert main([
            "history", "--history", "artifacts/history.sqlite"]) == 0
        assert main(["site", "site"]) == 0
    return root / "site"


def test_every_link_leads_to_a_page_that_opens(site, open_report):
    """Landing page, report, claims, history; none asks for a network."""
    page = open_report(site / "index.html")
    links = [a.get_attribute("href") for a in page.locator("a").all()]
    assert set(links) == {
        "benchmark_tiny.html", "benchmark_tiny_claims.html",
        "claims.html", "claims.html#benchmark_tiny-G1", "history.html"}
    assert {p.name for p in site.iterdir()} == {
        "index.html", *(urldefrag(link)[0] for link in links)}
    for link in links:
        name, anchor = urldefrag(link)
        assert requests((site / name).read_text("utf-8")) == []
        other = open_report(site / name)
        assert other.title()
        if anchor:
            assert other.locator(f"#{anchor}").count() == 1
    assert not page.problems


def test_every_page_fits_a_narrow_window_and_shows_its_charts(
    site, open_report
):
    """Nothing is wider than the window; nothing that should be is empty."""
    for file in site.iterdir():
        page = open_report(file)
        page.set_viewport_size({"width": 400, "height": 800})
        page.reload()
        assert page.evaluate(
            "document.documentElement.scrollWidth") == 400, file
        for table in page.locator(".overview, .forest").all():
            assert table.evaluate("t => t.scrollWidth <= t.clientWidth")
        for chart in page.locator(".js-plotly-plot:visible").all():
            chart.locator("svg").first.wait_for()
        if file.name == "benchmark_tiny.html":
            assert page.locator("#profile .scatterlayer .trace").count()


def test_the_keyboard_leads_from_page_to_page(site, open_report):
    page = open_report(site / "index.html")
    for target in ("benchmark_tiny.html", "claims.html", "history.html"):
        for _ in range(30):
            page.keyboard.press("Tab")
            reached = page.evaluate(
                "document.activeElement.getAttribute('href') || ''")
            if reached == target:
                break
        assert reached == target
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{target}")
        page.go_back()
        page.wait_for_url("**/index.html")


def test_a_stranger_reads_who_wins(site, open_report):
    page = open_report(site / "index.html")
    text = page.locator("body").inner_text()
    assert "Tiny <ridge>" in text
    assert "Half the squared distance to y" in text
    bare = page.locator("#benchmark_bare").inner_text()
    assert bare.split("\n\n")[:3] == [
        "Bare benchmark_bare", "Nothing ran & all is <new>.",
        "Second paragraph."]
    assert "benchopt run benchmark_bare makes" in bare
    assert "No results" not in page.locator("#benchmark_tiny").inner_text()
    run = r"Run of the configuration smoke.yml, \d{4}-\d\d-\d\d "
    assert re.search(run + r"\(outputs/benchopt_run_\S+\.parquet\)", text)
    kept = page.locator("#benchmark_kept")
    assert re.search(run + r"\(snapshots/main.csv", kept.inner_text())
    assert "--config benchmark_kept/configs/smoke.yml" in kept.inner_text()
    assert kept.locator("tbody tr").count() == 2
    claim = page.locator(".overview tbody tr").inner_text().split("\t")
    assert claim == [
        "G1", "Bigger <steps>", "holds", "quick",
        "its part holds: there: a & b 2 [1.5, 3], bar 1.1"]
    assert "Published claims, quick mode: 1 holds." in text
    rows = page.locator("#benchmark_tiny tbody tr")
    assert rows.count() == 2
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_benchmarks_stand_in_the_order_of_the_readme(site, open_report):
    """Those that it does not name come last."""
    page = open_report(site / "index.html")
    found = page.locator("[id^=benchmark_]").all()
    assert [one.get_attribute("id") for one in found] == [
        "benchmark_tiny", "benchmark_kept", "benchmark_bare"]


def test_the_site_needs_a_suite(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "expected folders benchmark_*" in main(["site", "out"])


def test_a_full_disk_leaves_the_former_page(tmp_path, full_disk):
    claims = tmp_path / "benchmark_a" / "outputs" / "claims_full"
    claims.mkdir(parents=True)
    (claims / "claims.html").write_text("<p>new</p>" * 1000)
    page = tmp_path / "site" / "benchmark_a_claims.html"
    page.parent.mkdir()
    page.write_text("<p>old</p>")
    found = Benchmark(claims.parents[1], "A", [], None, None, [])
    with full_disk(), pytest.raises(UserError, match="free some space"):
        pages_of(found, page.parent)
    assert page.read_text() == "<p>old</p>"
    assert pages_of(found, page.parent) == {"claims": page.name}
    assert page.read_text() == "<p>new</p>" * 1000


def test_a_damaged_record_gets_one_clear_line(tmp_path, monkeypatch):
    claims = tmp_path / "benchmark_a" / "claims"
    claims.mkdir(parents=True)
    (claims.parent / "objective.py").write_text(OBJECTIVE)
    (claims / "verdicts.json").write_text("[{")
    monkeypatch.chdir(tmp_path)
    assert "expected verdicts in JSON" in main(["site", "out"])


@pytest.mark.parametrize(("selector", "selected"), [
    ("Step-LISTA", True), ("Step-LISTA[reg=[0.1, 0.8],tied=True]", True),
    ("Step-LISTA[reg=0.8]", True), ("LISTA", False),
    ("Step-LISTA[reg=[0.1, 0.3]]", False), ("Step-LISTA[depth=3]", False)])
def test_configurations_select(selector, selected):
    assert selects(selector, "Step-LISTA[reg=0.8,tied=True]") is selected
