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
    assert page.locator("#series td").count() == 72
    assert page.evaluate("""[...document.querySelectorAll('td, td *')].every(
        one => one.getBoundingClientRect().right <= innerWidth)""")


def test_an_empty_history_has_a_page(tmp_path, open_report):
    assert main(["history", "--history", str(tmp_path / "h.sqlite")]) == 0
    page = open_report(tmp_path / "h.html")
    assert "no run of a commit" in page.locator("#summary").inner_text()


def test_runs_that_are_left_out_are_counted(
        history_file, tmp_path, open_report, capsys):
    """Of changed files, which no commit stands for."""
    path = tmp_path / "h.sqlite"
    History(path).add(History(history_file).table().assign(dirty=1))
    assert main(["history", "--history", str(path)]) == 0
    assert f"no commit stands for them: {N};" in capsys.readouterr().out
    page = open_report(tmp_path / "h.html")
    assert f"stands for them: {N};" in page.locator(".note").inner_text()
    assert "no run of a commit" in page.locator("#summary").inner_text()


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
