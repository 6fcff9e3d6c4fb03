"""The command: what it writes, where, and what it says of bad input."""

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci import UserError
from ci.__main__ import main
from ci.files import read_result, write_whole
from ci.html.page import VENDOR, requests, script_json, script_safe
from ci.report.command import write_report
from ci.report.offline import VENDORED, offline

ROOT = Path(__file__).parents[2]


def run_report(*args):
    """Run the command in this process: 0, or the message of the error."""
    return main(["report", *map(str, args)])


def test_prints_the_path_of_the_report(tiny, result_file):
    done = subprocess.run(
        [sys.executable, "-m", "ci", "report", tiny],
        check=True, capture_output=True, text=True, cwd=ROOT,
    )
    written = result_file.with_suffix(".html")
    assert done.stdout == f"{written}\n"
    assert written.stat().st_size > 3_000_000


def test_reports_the_newest_all_or_named_files(
    tiny, result_file, tmp_path, capsys
):
    benchmark = shutil.copytree(tiny, tmp_path / "bench")
    outputs = benchmark / "outputs"
    old = shutil.copy(result_file, outputs / "old.parquet")
    os.utime(old, (0, 0))
    assert run_report(benchmark) == 0
    newest = capsys.readouterr().out.split()
    assert newest == [str(outputs / f"{result_file.stem}.html")]
    assert run_report(benchmark, "--all", "--output", tmp_path / "all") == 0
    assert capsys.readouterr().out.split() == [
        str(tmp_path / "all" / f"{stem}.html")
        for stem in ("old", result_file.stem)
    ]
    elsewhere = tmp_path / "here" / "a.html"
    assert run_report(benchmark, old, "--output", elsewhere) == 0
    assert elsewhere.exists()


def test_figures_lie_beside_the_report(tiny, result_file, tmp_path, capsys):
    benchmark = shutil.copytree(tiny, tmp_path / "bench")
    (benchmark / "config.yml").write_text("plots: [pictures]\n")
    output = tmp_path / "a.html"
    assert run_report(benchmark, "--figures", "--output", output) == 0
    folder = tmp_path / "a_figures"
    assert capsys.readouterr().out == f"{output}\n{folder} (2 files)\n"
    assert {path.name for path in folder.iterdir()} == {
        "pictures.pdf", "pictures.svg"
    }


def test_asks_for_nothing_and_names_the_licences(report):
    html = report.read_text("utf-8")
    assert requests(html) == []
    assert "default-src 'none'" in html
    for licence in VENDOR.glob("*/LICENSE*"):
        assert licence.read_text("utf-8") in html


@pytest.mark.parametrize("html", [
    '<script src="https://example.org/a.js"></script>',
    '<link rel="stylesheet" href="a.css">',
    '<img src="//example.org/a.png">',
    '<iframe src="a.html"></iframe>',
    '<div style="background: url(https://example.org/a.png)"></div>',
    "<style>@import 'a.css';</style>",
    "<style>p {background: url('a.png')}</style>",
])
def test_finds_what_a_browser_would_fetch(html):
    assert len(requests(html)) == 1


def test_links_and_embedded_data_are_no_requests():
    assert requests(
        '<a href="https://example.org">a</a><img src="data:image/png;base64,">'
        '<style>p {background: url("data:image/svg+xml,")}</style>'
        "<script>const a = '<img src=\"b.png\">'</script>"
    ) == []


def test_a_script_cannot_end_its_element():
    safe = script_safe("const a = '</SCRIPT><!--'")
    assert safe == r"const a = '<\/SCRIPT><\!--'"


def test_data_cannot_end_their_script():
    data = {"a": "</script><!--", "b": np.arange(2), "c": np.float64(0.5)}
    text = script_json(data)
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><!--", "b": [0, 1], "c": 0.5}


def test_vendored_files_are_the_published_ones():
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in map(str.split, lines)}
    files = {
        path.relative_to(VENDOR).as_posix(): path
        for path in VENDOR.glob("*/*")
    }
    assert sums == {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in files.items()
    }


def test_refuses_a_page_of_another_benchopt(result_file):
    with pytest.raises(UserError, match="written for benchopt 1.10.0"):
        offline("<html><body></body></html>", result_file)


def test_refuses_a_page_that_loads_something_new(
    tiny, result_file, tmp_path, monkeypatch
):
    style = next(tag for tag in VENDORED if "mermaid" in tag)
    monkeypatch.delitem(VENDORED, style)
    with pytest.raises(UserError, match="expected a page without requests"):
        write_report(tiny, result_file, tmp_path / "a.html")
    assert not any(tmp_path.iterdir())


def test_bad_arguments_get_one_clear_line(tiny, result_file, tmp_path):
    nowhere = tmp_path / "nowhere"
    assert "folder of a benchmark" in run_report(nowhere)
    assert not nowhere.exists()
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    shutil.copy(tiny / "objective.py", fresh)
    assert f"benchopt run {fresh}" in run_report(fresh)
    assert "leave .html out" in run_report(
        tiny, result_file, result_file, "--output", "a.html"
    )
    blocked = tmp_path / "file"
    blocked.touch()
    assert "--output" in run_report(tiny, "--output", blocked / "a.html")


def test_bad_result_files_get_one_clear_line(result_file, tmp_path):
    missing, cut, other = (tmp_path / f"{name}.parquet" for name in "abc")
    cut.write_bytes(result_file.read_bytes()[:-100])
    pd.DataFrame({"a": [1]}).to_parquet(other)
    for path in (missing, cut):
        with pytest.raises(UserError, match="expected a readable result"):
            read_result(path)
    with pytest.raises(UserError, match="without the columns"):
        read_result(other)


def test_unknown_plots_are_named(tiny, result_file, tmp_path):
    benchmark = shutil.copytree(tiny, tmp_path / "bench")
    (benchmark / "config.yml").write_text("plots: [table, no_such_plot]\n")
    message = run_report(benchmark, result_file, "--output", tmp_path / "out")
    assert "no_such_plot" in message
    assert "config.yml" in message


def test_a_failed_write_leaves_the_former_file_alone(tmp_path, monkeypatch):
    path = write_whole(tmp_path / "a.html", b"former")

    def full_disk(source, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(UserError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"former"
    assert list(tmp_path.iterdir()) == [path]
