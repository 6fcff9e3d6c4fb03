"""The command `claims`: what it runs, how it judges, what it writes."""
import re
import shutil
from pathlib import Path

from ci.claims import jobs
from ci.claims.claim import Run
from ci.claims.jobs import plan
from ci.claims.parts import STAND_IN
from ci.claims.words import QUICK
from ci.html.page import requests

FEWEST = "--seeds", "0", "1", "2"
ROOT = Path(__file__).parents[2]
TINY = Path(__file__).with_name("tiny_benchmark")


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


def test_the_record_makes_the_readmes_table(benchmark, capsys, run_claims):
    """Claims that were not run again keep their verdicts, and the quick mode
    does not change those of the full mode."""
    assert run_claims(benchmark, "--markdown") == 0
    assert capsys.readouterr().out.count("\n") == 2
    for options in (["--only", "G2"], ["--full", "--only", "G1"],
                    ["--no-run"]):
        assert run_claims(benchmark, *options, "--record", *FEWEST) == 0
    capsys.readouterr()
    assert run_claims(benchmark, "--markdown") == 0
    lines = capsys.readouterr().out.splitlines()[2:]
    assert lines[2:] == ["", QUICK]
    assert lines[0].startswith(
        "| G1 | Bigger <steps> | full, 3 | holds | its part holds")
    assert lines[1].startswith(
        "| G2 | Lazy wins | quick, 3 | undecided | 0 of 1 parts hold (1 un")
    path = benchmark / "claims" / "verdicts.json"
    path.write_text("[{")
    assert "expected verdicts in JSON" in run_claims(benchmark, "--markdown")


def test_collects_without_running(benchmark, capsys, monkeypatch, run_claims):
    monkeypatch.setattr(jobs, "run_job", None)
    assert run_claims(benchmark, "--no-run") == 0
    assert re.search("G1 +holds", capsys.readouterr().out)
    assert "expected results to judge" in run_claims(
        benchmark, "--no-run", "--full")
    assert re.search("G1 +not run .*\n +seed 0: expected results of Gradient",
                     capsys.readouterr().out)


def test_the_page_of_some_claims_leaves_that_of_all(benchmark, run_claims):
    """Which `ci site` publishes; the command of a section makes the other."""
    output = benchmark / "outputs" / "claims_quick"
    before = (output / "claims.html").read_bytes()
    assert run_claims(benchmark, "--no-run", "--only", "g2") == 0
    assert run_claims(benchmark, "--no-run", "--only", "G2", "G1") == 0
    assert (output / "claims.html").read_bytes() == before
    assert (output / "claims_G2.html").read_text().count("<section ") == 1
    assert (output / "claims_G1_G2.html").read_text().count("<section ") == 2


def test_a_failing_run_costs_only_its_claims(benchmark, capsys, run_claims):
    solver = benchmark / "solvers" / "lazy.py"
    solver.write_text(solver.read_text().replace(
        "self.z = np.zeros_like(self.y)", "raise OSError('disk')"))
    message = run_claims(benchmark, *FEWEST)
    assert "expected every run to end, got none for G2" in message
    printed = capsys.readouterr().out
    assert re.search("G1 +holds", printed)
    assert re.search("G2 +not run .*\n +seed 0: expected results of Lazy .*"
                     r"\(OSError: disk\)", printed)
    page = benchmark / "outputs" / "claims_quick" / "claims.html"
    assert "OSError: disk" in page.read_text("utf-8")


def test_a_run_that_never_starts_has_a_reason(
        benchmark, tmp_path, capsys, run_claims):
    claim = benchmark / "claims" / "g01_bigger_steps.py"
    claim.write_text(claim.read_text().replace("step_size=", "stride="))
    assert "none for G1, G2" in run_claims(
        benchmark, *FEWEST, "--output", tmp_path / "out")
    assert "Unknown parameter 'stride'" in capsys.readouterr().out


def test_bad_arguments_get_one_clear_line(tmp_path, monkeypatch, run_claims):
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
