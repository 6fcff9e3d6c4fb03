"""Verdicts on record: their page, their parts, and several benchmarks."""
import json
import re
import shutil

import pytest

from ci.claims import jobs
from ci.claims.parts import STAND_IN, Effect, Part
from ci.claims.record import read_part, read_record, written
from ci.claims.verdict import together
from ci.claims.words import QUICK
from ci.html.page import requests


@pytest.fixture
def suite(judged, tmp_path, monkeypatch, capsys, run_claims):
    """The working directory: a suite of a benchmark with verdicts on record,
    one whose parts are not, and one without verdicts."""
    for name in ("benchmark_a", "benchmark_b", "benchmark_c"):
        shutil.copytree(judged[0], tmp_path / name)
    assert run_claims(tmp_path / "benchmark_a", "--no-run", "--record") == 0
    record = (tmp_path / "benchmark_a/claims/verdicts.json").read_text()
    (tmp_path / "benchmark_b/claims/verdicts.json").write_text(json.dumps([
        {k: v for k, v in one.items() if k != "parts"}
        for one in json.loads(record)]))
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    return tmp_path


def test_all_claims_of_all_benchmarks_are_one_page(
    suite, capsys, monkeypatch, open_report, run_claims
):
    """From the records: nothing is run; each verdict with its parts."""
    monkeypatch.setattr(jobs, "run_job", None)
    assert run_claims() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "benchmark_a:"
    assert re.match(r"  G1 +holds +quick +Bigger <steps>", lines[1])
    assert lines[-1] == "artifacts/claims.html"
    path = suite / "artifacts" / "claims.html"
    assert requests(path.read_text("utf-8")) == []
    page = open_report(path)
    assert page.locator("section").count() == 4
    assert page.locator(".overview tbody tr").count() == 4
    for link in page.locator("a[href^='#']").all():
        anchor = link.get_attribute("href")[1:]
        assert page.locator(f"[id='{anchor}']").count() == 1
    first = page.locator("#benchmark_a-G1")
    assert first.locator(".forest tbody svg circle").count() == 1
    assert STAND_IN in first.locator(".forest tbody").inner_text()
    assert QUICK in page.locator("header").inner_text()
    assert "Bigger <steps>" in first.inner_text()
    text = page.locator("#benchmark_b-G1").inner_text()
    assert "ci claims benchmark_b --only G1 --record" in text
    assert "ci claims benchmark_c --record" in page.locator(
        "body").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#benchmark_a-G1")
    page.set_viewport_size({"width": 400, "height": 800})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_what_is_on_record_gives_the_parts_again(suite):
    """Their verdicts and intervals; numbers that JSON lacks, too."""
    [first, _] = read_record(suite / "benchmark_a")
    assert together([read_part(p) for p in first["parts"]]) == (
        first["verdict"])
    part = Part("here", "a / b", Effect(
        1.5, float("-inf"), float("inf"), notes={"share": float("nan")}),
        safeguarded=True)
    again = read_part(json.loads(json.dumps(written(part))))
    assert again.effect[:4] == part.effect[:4]
    assert again.effect.notes["share"] != again.effect.notes["share"]
    assert again._replace(effect=None) == part._replace(effect=None)


def test_several_benchmarks_are_run_in_turn(suite, capsys, run_claims):
    assert run_claims("benchmark_a", "benchmark_c", "--no-run") == 0
    assert capsys.readouterr().out.count("G1  holds") == 2
    assert run_claims("--markdown") == 0
    printed = capsys.readouterr().out
    assert printed.count("\n| ") == 1 + 4
    assert printed.endswith(f"\n\n{QUICK}\n")
    assert "one benchmark with --output" in run_claims(
        "benchmark_a", "benchmark_c", "--output", "x")
    assert "expected a benchmark with options" in run_claims("--only", "G1")
