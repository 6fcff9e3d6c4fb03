"""The command `claims`: what it runs, how it judges, what it writes."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from ci.__main__ import main
from ci.claims import jobs
from ci.claims.claim import Run
from ci.claims.jobs import plan
from ci.claims.parts import Effect, Part
from ci.claims.record import read_part, read_record, written
from ci.claims.verdict import together
from ci.claims.words import QUICK, STAND_IN
from ci.html.page import requests

ROOT = Path(__file__).parents[2]
TINY = Path(__file__).with_name("tiny_benchmark")


def run_claims(*args):
    """Run the command in this process: 0, or the message of the error."""
    return main(["claims", *map(str, args)])


def start(benchmark, *options):
    """Start the command as a user does."""
    return subprocess.Popen(
        [sys.executable, "-m", "ci", "claims", benchmark, *options],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True)


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A tiny benchmark whose claims were run, and what was printed."""
    folder = tmp_path_factory.mktemp("claims") / "tiny_benchmark"
    shutil.copytree(TINY, folder)
    process = start(folder)
    printed = process.communicate()[0]
    assert process.returncode == 0, printed
    return folder, printed


def copy_of(judged, tmp_path):
    return shutil.copytree(judged[0], tmp_path / "tiny_benchmark")


def test_verdicts_are_computed(judged):
    """Two claims share their five calls; an untrue one is no error."""
    folder, printed = judged
    lines = printed.splitlines()
    assert [line[:5] for line in lines[:5]] == [
        f"[{n}/5]" for n in range(1, 6)]
    assert re.match(r"G1 +holds +Bigger <steps>", lines[5])
    assert re.match(r" +holds +4 <steps> +gap of 0.3 / of 0.6 +\S+ \[.+\], "
                    "bar 1.1 +stand-in", lines[6])
    assert re.match(r"G2 +does not hold +Lazy wins", lines[7])
    assert re.match(r" +does not hold +12 steps +cost of .* 0.333", lines[8])
    output = folder / "outputs" / "claims_quick"
    assert lines[9:] == [QUICK, str(output / "claims.html")]
    assert len(list(output.glob("run_*_seed?.parquet"))) == 5
    assert len(list(output.glob("run_*_seed?.log"))) == 5


def test_page_opens_without_a_network(judged, open_report):
    """With verdicts, intervals, budgets, commands and every panel drawn."""
    path = judged[0] / "outputs" / "claims_quick" / "claims.html"
    html = path.read_text("utf-8")
    assert requests(html) == []
    assert "<steps>" not in html
    page = open_report(path)
    assert page.locator("section").count() == 2
    assert page.locator(".overview .badge").all_inner_texts() == [
        "holds", "does not hold"]
    assert "Bigger <steps>" in page.locator("h2").first.inner_text()
    assert page.locator(".plot .scatterlayer .trace").count() == 3 + 2
    first = page.locator("#G1")
    assert "Made <up> & small." in first.inner_text()
    assert first.locator(".forest tbody tr").count() == 1
    assert first.locator(".forest tbody svg circle").count() == 1
    assert STAND_IN in first.locator(".forest tbody").inner_text()
    assert QUICK in page.locator("header").inner_text()
    assert "seeds 5" in first.locator(".forest tbody").inner_text()
    budget = first.locator(".budget").inner_text()
    assert "10 runs" in budget
    assert "seeds 0, 1, 2, 3, 4" in budget
    first.locator("summary").click()
    commands = first.locator("pre").inner_text().splitlines()
    assert len(commands) == 5
    assert all("--seed" in c and "Lazy" not in c for c in commands)
    (ROOT / "artifacts").mkdir(exist_ok=True)
    page.screenshot(path=ROOT / "artifacts" / "claims_tiny.png")
    page.set_viewport_size({"width": 400, "height": 800})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    assert not page.problems


def test_the_record_makes_the_readmes_table(judged, tmp_path, capsys):
    """Claims that were not run again keep their verdicts, and the quick mode
    does not change those of the full mode."""
    benchmark = copy_of(judged, tmp_path)
    assert run_claims(benchmark, "--markdown") == 0
    assert capsys.readouterr().out.count("\n") == 2
    for options in (["--only", "G2"], ["--full", "--only", "G1"],
                    ["--no-run"]):
        assert run_claims(benchmark, *options, "--record",
                          "--seeds", 0, 1, 2) == 0
    capsys.readouterr()
    assert run_claims(benchmark, "--markdown") == 0
    lines = capsys.readouterr().out.splitlines()[2:]
    assert lines[2:] == ["", QUICK]
    assert lines[0].startswith(
        "| G1 | Bigger <steps> | full, 3 | holds | its part holds")
    assert lines[1].startswith(
        "| G2 | Lazy wins | quick, 3 | does not hold | 0 of 1")
    path = benchmark / "claims" / "verdicts.json"
    path.write_text("[{")
    assert "expected verdicts in JSON" in run_claims(benchmark, "--markdown")


def test_collects_without_running(judged, tmp_path, capsys, monkeypatch):
    benchmark = copy_of(judged, tmp_path)
    monkeypatch.setattr(jobs, "run_job", None)
    assert run_claims(benchmark, "--no-run") == 0
    assert re.search("G1 +holds", capsys.readouterr().out)
    # not run is no error where nothing was asked to run
    assert run_claims(benchmark, "--no-run", "--full") == 0
    assert re.search("G1 +not run .*\n +seed 0: expected results of Gradient",
                     capsys.readouterr().out)


def test_a_failing_run_costs_only_its_claims(judged, tmp_path, capsys):
    benchmark = copy_of(judged, tmp_path)
    solver = benchmark / "solvers" / "lazy.py"
    solver.write_text(solver.read_text().replace(
        "self.z = np.zeros_like(self.y)", "raise OSError('disk')"))
    message = run_claims(benchmark)
    assert "expected every run to end, got none for G2" in message
    printed = capsys.readouterr().out
    assert re.search("G1 +holds", printed)
    assert re.search("G2 +not run .*\n +seed 0: expected results of Lazy .*"
                     r"\(OSError: disk\)", printed)
    page = benchmark / "outputs" / "claims_quick" / "claims.html"
    assert "OSError: disk" in page.read_text("utf-8")


def test_a_run_that_never_starts_has_a_reason(judged, tmp_path, capsys):
    benchmark = copy_of(judged, tmp_path)
    claim = benchmark / "claims" / "g01_bigger_steps.py"
    claim.write_text(claim.read_text().replace("step_size=", "stride="))
    assert "none for G1, G2" in run_claims(benchmark, "--output",
                                           tmp_path / "out")
    assert "Unknown parameter 'stride'" in capsys.readouterr().out


def test_a_killed_call_goes_on_where_it_stopped(judged, tmp_path):
    benchmark = copy_of(judged, tmp_path)
    shutil.rmtree(benchmark / "outputs")
    shutil.rmtree(benchmark / "__cache__")
    output = benchmark / "outputs" / "claims_quick"
    process = start(benchmark)
    deadline = time.monotonic() + 60
    while not list(output.glob("*.parquet")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    [done] = output.glob("*_seed0.log")
    assert "(cached)" not in done.read_text()
    times = pd.read_parquet(done.with_suffix(".parquet"))["time"].tolist()
    process = start(benchmark)
    assert "G1  holds" in process.communicate()[0]
    assert done.read_text().count("(cached)") == 3
    assert pd.read_parquet(
        done.with_suffix(".parquet"))["time"].tolist() == times


def test_two_calls_at_once(judged, tmp_path):
    benchmark = copy_of(judged, tmp_path)
    shutil.rmtree(benchmark / "outputs")
    processes = [start(benchmark) for _ in range(2)]
    printed = [process.communicate()[0] for process in processes]
    assert [p.returncode for p in processes] == [0, 0], printed
    assert printed[0] == printed[1]
    output = benchmark / "outputs" / "claims_quick"
    names = {path.name for path in output.iterdir()}
    assert len(names) == 11
    assert not any(name.startswith(".") for name in names)


def test_calls_at_a_time_give_the_same_verdicts(judged, tmp_path):
    benchmark = copy_of(judged, tmp_path)
    lines = start(benchmark, "--jobs", "2").communicate()[0].splitlines()
    assert sorted(lines[:5]) == judged[1].splitlines()[:5]
    assert lines[5:-1] == judged[1].splitlines()[5:-1]


def test_bad_arguments_get_one_clear_line(tmp_path, monkeypatch):
    assert "with --only, G1, G2, got L3" in run_claims(TINY, "--only", "L3")
    assert "at least three seeds, got [1, 2]" in run_claims(
        TINY, "--seeds", 1, 2, 2)
    bare = shutil.copytree(TINY, tmp_path / "bare", ignore=lambda *_: [
        "claims"])
    assert "write one" in run_claims(bare)
    assert "folder of a benchmark" in run_claims(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    assert "run from the suite's folder" in run_claims()


def test_jobs_share_problems():
    class One:
        runs = [Run(["O"], ["D"], ["A", "B"])]

    class Two:
        runs = [Run(["O"], ["D"], ["B", "C"]), Run(["O"], ["E"], ["A"])]

    planned = plan([One, Two], [0, 7])
    assert [(job.run.solver, job.seed) for job in planned] == [
        (["A", "B", "C"], 0), (["A"], 0), (["A", "B", "C"], 7), (["A"], 7)]
    assert len({job.file for job in planned}) == 4
    assert planned[0].command("b")[:4] == ["benchopt", "run", "b", "-o"]


@pytest.fixture
def suite(judged, tmp_path, monkeypatch, capsys):
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
    suite, capsys, monkeypatch, open_report
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
    assert first["n_parts"] == len(first["parts"])
    assert together([read_part(p) for p in first["parts"]]) == (
        first["verdict"])
    part = Part("here", "a / b", Effect(
        1.5, float("-inf"), float("inf"), notes={"share": float("nan")}),
        safeguarded=True)
    again = read_part(json.loads(json.dumps(written(part))))
    assert again.effect[:4] == part.effect[:4]
    assert again.effect.notes["share"] != again.effect.notes["share"]
    assert again._replace(effect=None) == part._replace(effect=None)


def test_several_benchmarks_are_run_in_turn(suite, capsys):
    assert run_claims("benchmark_a", "benchmark_c", "--no-run") == 0
    assert capsys.readouterr().out.count("G1  holds") == 2
    assert run_claims("--markdown") == 0
    printed = capsys.readouterr().out
    assert printed.count("\n| ") == 1 + 4
    assert printed.endswith(f"\n\n{QUICK}\n")
    assert "one benchmark with --output" in run_claims(
        "benchmark_a", "benchmark_c", "--output", "x")
    assert "expected a benchmark with options" in run_claims("--only", "G1")
