"""The command `history`: change points, tables in and out, the page."""
import importlib.util
import subprocess

import numpy as np
import pandas as pd
import pytest

from ci.__main__ import main
from ci.html.page import requests
from ci.tracking import series as series_module
from ci.tracking import steps as steps_module
from ci.tracking.dashboard import spans
from ci.tracking.git import Commit
from ci.tracking.metrics import Record
from ci.tracking.series import commit_url, read_series
from ci.tracking.steps import find_steps
from ci.tracking.store import History
from ci.tracking.tables import run_table

needs_asv = pytest.mark.skipif(
    not importlib.util.find_spec("asv"), reason="needs pip install asv")
N, CHANGED = 40, 25
SOLVERS = ["Gradient<b>", "Newton", "Lazy"]


def made_up(rng, n=N):
    """A history of n commits; the seconds of one solver rise by 1.5."""
    tables = []
    for k in range(n):
        commit = Commit(f"{k:040x}", f"2026-01-{1 + k // 2:02}T{k % 2:02}",
                        "Ada" if k < CHANGED else "Bob", f"Change <{k}>",
                        False)
        records = [
            Record(data, "O[reg=0.1]", solver, metric, value)
            for data in ("D[n=1]", "D[n=2]") for solver in SOLVERS
            for metric, value in (
                ("seconds to 1e-06", np.exp(0.05 * rng.standard_normal()) * (
                    1.5 if k >= CHANGED and solver == "Newton" else 1)),
                ("iterations to 1e-06",
                 np.inf if solver == "Lazy" else 40.0))]
        tables.append(run_table(
            f"run{k}", f"2026-02-{1 + k // 2:02}", commit, "benchmark_tiny",
            "m1", {"cpu": "A & B"}, {"numpy": "2"}, records))
    return pd.concat(tables)


@pytest.fixture(scope="module")
def history_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("history") / "h.sqlite"
    History(path).add(made_up(np.random.default_rng(0)))
    return path


def test_commits_are_in_order_in_two_time_zones(tmp_path):
    """01:00 in Paris is half an hour before 23:30 in London. Records have
    the zone of their author, or, the newer ones, UTC."""
    dates = {"a": "2026-04-30T22:00:00Z", "b": "2026-05-01T01:00:00+02:00",
             "c": "2026-04-30T23:30:00+00:00", "d": "2026-05-01"}
    history = History(tmp_path / "h.sqlite")
    for name, value in (("d", 4), ("c", 3), ("b", 2), ("a", 1)):
        history.add(run_table(
            name, "2026-06-01", Commit(name, dates[name], "Ada", "", False),
            "B", "m1", {}, {}, [Record("D", "O", "S", "m", value)]))
    table = history.table()
    assert table["run"].tolist() == [*"abcd"]
    commits, [one] = read_series(table)
    assert commits["commit_id"].tolist() == [*"abcd"]
    assert commits["commit_date"].str.endswith("+00:00").all()
    assert one.values == [1, 2, 3, 4]


@needs_asv
def test_steps_are_found_and_noise_is_none():
    rng = np.random.default_rng(1)
    noise = np.exp(0.1 * rng.standard_normal(200))
    assert find_steps(noise) == []
    noise[120:] *= 1.4
    noise[[5, 60, 130]] = np.nan, np.inf, 0
    [step] = find_steps(noise)
    assert abs(step.position - 120) <= 2
    assert step.ratio == pytest.approx(1.4, rel=0.1)
    assert find_steps([3.0] * 10) == []
    [step] = find_steps([3.0] * 10 + [3.3] * 10)
    assert (step.position, step.ratio) == (10, pytest.approx(1.1))
    assert find_steps([np.nan] * 5) == find_steps([1.0]) == []


@needs_asv
@pytest.mark.parametrize(("before", "after", "ratio"), [
    (100, np.inf, np.inf), (np.inf, 100, 0), (3, 0, 0), (0, 3, np.inf),
    (0, np.inf, np.inf)])
def test_to_become_infinite_or_zero_is_a_step(before, after, ratio):
    """Of commits that last, or of the last one."""
    for n in (10, 1):
        [step] = find_steps([before] * 10 + [after] * n)
        assert step[:3] == pytest.approx((10, before, after))
        assert step.ratio == ratio
    one, two = find_steps([100] * 5 + [120] * 5 + [np.nan, np.inf, np.inf])
    assert (one.position, one.ratio) == (5, pytest.approx(1.2))
    assert (two.position, two.ratio) == (11, np.inf)
    assert find_steps([np.inf] * 10) == find_steps([100, np.inf] * 20) == []


def of_values(metric, values, path):
    """A history of one series."""
    history = History(path)
    for k, value in enumerate(values):
        history.add(run_table(
            f"run{k}", "2026-06-01",
            Commit(f"{k:040x}", f"2026-01-{1 + k:02}", "Ada", "", False), "B",
            "m1", {}, {}, [Record("D", "O", "S", metric, value)]))
    return history


@needs_asv
def test_what_was_reached_no_more_is_printed_and_rounding_is_not(
        tmp_path, capsys, open_report):
    for n, (metric, values, said) in enumerate([
        ("seconds to 1e-06", [100] * 10 + [np.inf] * 10,
         "2026-01-11 0000000000 Ada: x inf (100 to inf) B"),
        ("final excess", [2e-17] * 10 + [4e-17] * 10, ""),
        ("final excess", [2e-17] * 10 + [1e-3] * 10, "x 1e+06"),
    ]):
        path = tmp_path / f"{n}.sqlite"
        of_values(metric, values, path)
        assert main(["history", "--history", str(path)]) == 0
        *lines, last = capsys.readouterr().out.splitlines()
        assert len(lines) == bool(said)
        assert said in "".join(lines)
    page = open_report(tmp_path / "0.html")
    assert page.locator("#series tbody td").nth(3).inner_text() == "∞"
    assert "x ∞ (100 to ∞)" in page.locator("#changes").inner_text()


def test_what_is_no_number_is_said_so(tmp_path, open_report):
    path = tmp_path / "h.sqlite"
    of_values("final value", [1.0, 2.0, np.nan], path)
    assert main(["history", "--history", str(path)]) == 0
    page = open_report(tmp_path / "h.html")
    latest = page.locator("#series tbody td").nth(3)
    assert latest.inner_text() == "no number"


def test_series_are_medians_by_commit(history_file):
    table = History(history_file).table()
    again = table.assign(run=table["run"] + "x", value=table["value"] * 3)
    dirty = table.assign(run=table["run"] + "y", dirty=1, value=1e9)
    commits, series = read_series(pd.concat([table, again, dirty]))
    assert commits["commit_id"].tolist() == [f"{k:040x}" for k in range(N)]
    assert len(series) == 2 * len(SOLVERS) * 2
    [one] = [s for s in series if s.key[1:5] == (
        "D[n=1]", "O[reg=0.1]", "Gradient<b>", "iterations to 1e-06")]
    assert one.positions == list(range(N))
    assert one.values == [80.0] * N


@needs_asv
def test_changes_are_printed_with_commit_and_author(
        history_file, tmp_path, capsys):
    page = tmp_path / "history.html"
    assert main(["history", "--history", str(history_file), "--output",
                 str(page)]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert last == str(page)
    assert len(lines) == 2
    for line in lines:
        assert f"{CHANGED:040x}"[:10] in line
        assert "Bob: x 1.5" in line or "Bob: x 1.4" in line
        assert "Newton | seconds to 1e-06" in line


def test_the_page_draws_every_series_offline(
        history_file, tmp_path, open_report):
    """Filters, links, keyboard, and a narrow window."""
    path = tmp_path / "history.html"
    assert main(["history", "--history", str(history_file), "--output",
                 str(path), "--url", "https://example.org/c/"]) == 0
    text = path.read_text("utf-8")
    assert requests(text) == []
    assert "<b>" not in text
    page = open_report(path)
    assert "40 commits, 12 series" in page.locator("#summary").inner_text()
    assert page.locator("#series tbody tr").count() == 12
    assert page.locator("svg.spark path").count() == 12
    page.locator("#solver").select_option("Newton")
    assert page.locator("#series tbody tr").count() == 4
    page.locator("#search").fill("seconds n=2")
    assert page.locator("#series tbody tr").count() == 1
    page.locator("#series tbody button").focus()
    page.keyboard.press("Enter")
    assert page.locator("#title").inner_text() == "Newton: seconds to 1e-06"
    assert page.locator("#chart .scatterlayer .trace").count() == 1
    points = page.locator("#chart .scatterlayer .point").count()
    assert points == N
    if importlib.util.find_spec("asv"):
        assert page.locator("#changes tbody tr").count() == 1
        link = page.locator("#changes a").get_attribute("href")
        assert link == f"https://example.org/c/{CHANGED:040x}"
    page.locator("#search").fill("nobody")
    assert page.locator("#title").inner_text() == "No such series"
    page.set_viewport_size({"width": 400, "height": 800})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_an_empty_history_has_a_page(tmp_path, open_report):
    assert main(["history", "--history", str(tmp_path / "h.sqlite")]) == 0
    page = open_report(tmp_path / "h.html")
    assert "is empty" in page.locator("#summary").inner_text()


def test_without_asv_it_says_so(history_file, tmp_path, monkeypatch, capsys):
    for module in (steps_module, series_module):
        monkeypatch.setattr(module, "can_detect", lambda: False)
    monkeypatch.setattr("ci.tracking.commands.history.can_detect",
                        lambda: False)
    page = tmp_path / "p.html"
    assert main(["history", "--history", str(history_file), "--output",
                 str(page)]) == 0
    assert "pip install" in capsys.readouterr().out
    assert "asv is not installed" in page.read_text("utf-8")


def test_parquet_in_and_out(history_file, tmp_path, capsys):
    """A history that goes out and comes in is the same; twice adds none."""
    file, new = tmp_path / "all.parquet", tmp_path / "new.sqlite"
    page = ["--output", str(tmp_path / "p.html")]
    main(["history", "--history", str(history_file), "--export", str(file),
          *page])
    main(["history", "--history", str(new), "--add", str(file),
          str(history_file), *page])
    printed = capsys.readouterr().out
    assert f"all.parquet: {N} new runs" in printed
    assert "h.sqlite: 0 new runs" in printed
    pd.testing.assert_frame_equal(
        History(new).table(), History(history_file).table())
    for name in ("no.parquet", "no.sqlite"):
        error = main(["history", "--history", str(new), "--add",
                      str(tmp_path / name)])
        assert "expected another history" in error
        assert not (tmp_path / name).exists()


@pytest.mark.parametrize(("remote", "address"), [
    ("git@example.org:a/b.git", "https://example.org/a/b/commit/"),
    ("https://example.org/a/b", "https://example.org/a/b/commit/"),
    ("https://user:word@example.org/a/b.git",
     "https://example.org/a/b/commit/"),
    ("/somewhere/else", ""),
])
def test_commits_are_linked_where_the_remote_is_on_the_web(
        tmp_path, remote, address):
    for command in (["init", "--quiet"], ["remote", "add", "origin", remote]):
        subprocess.run(["git", "-C", tmp_path, *command], check=True)
    assert commit_url(tmp_path) == address


def test_positions_are_packed():
    assert spans([0, 1, 2, 5, 7, 8]) == [0, 3, 5, 1, 7, 2]
    assert spans([]) == []
