"""The commands `run` and `compare` on a tiny benchmark under git."""
import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from ci import UserError
from ci.__main__ import main
from ci.tracking.commands import compare
from ci.tracking.commands import run as run_command
from ci.tracking.environments import environments
from ci.tracking.git import git, read_commit, worktree
from ci.tracking.metrics import Record
from ci.tracking.store import History
from ci.tracking.texts import MARK, markdown, terminal_table
from ci.tracking.verdict import Decision

TINY = Path(__file__).with_name("tiny_benchmark")


def commit(folder, message):
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.org",
        "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """A repository with one benchmark: a first commit, and one in which
    gradient descent needs one more iteration and Lazy fails."""
    root = tmp_path_factory.mktemp("suite")
    folder = root / "benchmark_tiny"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns(
        "outputs", "__pycache__", "__cache__", "claims"))
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "Gradient & <descent>")
    for name, old, new in (
        ("gradient.py", "range(n_iter)", "range(n_iter - 1)"),
        ("lazy.py", "self.z = np.zeros_like(self.y)", "raise OSError"),
    ):
        file = folder / "solvers" / name
        file.write_text(file.read_text().replace(old, new))
    commit(root, "Slower")
    return root


@pytest.fixture
def here(suite, monkeypatch):
    monkeypatch.chdir(suite)
    return suite


def test_run_adds_a_whole_run_each_time(here, capsys):
    """Numbers of every curve, with commit, date and machine; no cache. Lazy,
    which fails, is named, and the others are kept."""
    for _ in range(2):
        error = main(["run", "--repetitions", "1"])
        assert "expected every curve of the configurations" in error
        [lost] = error.splitlines()[1:]
        assert lost.startswith("  benchmark_tiny: Lazy on Made-up[")
        assert lost.endswith(", Tiny <ridge>[reg=0.5]: error: OSError")
    printed = capsys.readouterr().out
    assert printed.count("[1/1] benchmark_tiny: ") == 2
    table = History("artifacts/history.sqlite").table()
    assert table["run"].nunique() == 2
    last = read_commit(here)
    assert set(table["commit_id"]) == {last.id}
    assert set(table["subject"]) == {"Slower"}
    assert set(table["author"]) == {"Ada"}
    assert table["date"].min() < table["date"].max()
    assert table["machine"].nunique() == 1
    assert {"cpu", "cores", "gpu"} <= set(json.loads(table["hardware"][0]))
    assert {"numpy", "blas"} <= set(json.loads(table["versions"][0]))
    steps = table[table["metric"] == "seconds in all"]
    values = steps.groupby("solver")["value"].nunique()
    assert (values == 2).all(), "measured anew each time"
    counts = table[table["metric"] == "iterations to 1e-04"]
    assert (counts.groupby("solver")["value"].nunique() == 1).all()
    memory = table[table["metric"] == "peak memory (MiB)"]["value"]
    assert (memory > 50).all()
    assert not (here / "benchmark_tiny" / "__cache__").exists()
    assert not (here / "benchmark_tiny" / "outputs").exists()


def test_a_run_of_changed_files_warns(here, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run_command, "measure", lambda *what: (
        [Record("D", "O", "S", "final value", 1.0)], []))
    arguments = ["run", "--repetitions", "1", "--history", str(tmp_path / "h")]
    assert main(arguments) == 0
    assert "warning" not in capsys.readouterr().err
    with worktree(here, "HEAD") as tree:
        with_config(tree, ("Gradient", "Newton"))
        monkeypatch.chdir(tree)
        assert main(arguments) == 0
        monkeypatch.chdir(here)
    assert "files differ from the last commit" in capsys.readouterr().err


def test_dates_of_commits_are_in_utc(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-05-01T01:00:00+02:00")
    git(tmp_path, "init", "--quiet")
    (tmp_path / "file").touch()
    commit(tmp_path, "In Paris")
    assert read_commit(tmp_path).date == "2026-04-30T23:00:00+00:00"


def test_compare_names_what_became_worse(here, capsys, monkeypatch):
    summary = here / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    error = main(["compare", "HEAD~", "HEAD", "--repetitions", "1",
                  "--output", "out"])
    printed = capsys.readouterr().out
    assert "expected nothing to become worse from HEAD~ to HEAD" in error
    lines = [line for line in printed.splitlines() if "iterations to 1e-06"
             in line]
    assert len(lines) == 2
    assert all(line.startswith("worse") and "Gradient[step_size" in line
               for line in lines)
    assert "gone" in printed
    report = (here / "out" / "report.md").read_text()
    assert report == summary.read_text()
    assert "❌ worse | benchmark_tiny \\| Gradient[step_size=0.3]" in report
    assert "<ridge>" not in report
    [suite_] = ElementTree.parse(here / "out" / "junit.xml").iter("testsuite")
    failed = [c.get("name") for c in suite_ if len(c)]
    assert len(failed) == int(suite_.get("failures")) > 4
    assert any("Lazy" in name for name in failed)
    entries = json.loads((here / "out" / "benchmark.json").read_text())
    assert all({"name", "unit", "value"} <= set(e) for e in entries)
    assert git(here, "worktree", "list").count("\n") == 0


def test_equal_commits_are_equal(here, capsys):
    assert main(["compare", "HEAD", "HEAD", "--repetitions", "2",
                 "--jobs", "2"]) == 0
    printed = capsys.readouterr().out
    assert "worse" not in printed
    assert " same" in printed
    numbers = pd.read_parquet("artifacts/compare/numbers.parquet")
    assert set(zip(numbers["side"], numbers["repetition"], strict=True)) == {
        (side, r) for side in ("base", "head") for r in (0, 1)}


def test_bad_arguments(here):
    assert "name a commit" in main(["compare", "nowhere", "HEAD"])
    assert "configs/other.yml" in main(["run", "--config", "other"])
    assert "objective.py" in main(["run", "nothing"])
    assert "--repetitions" in main(["run", "--repetitions", "0"])
    assert "--threshold >= 1" in main(
        ["compare", "HEAD", "HEAD", "--threshold", "0.5"])
    assert "--jobs >= 1" in main(["compare", "HEAD", "HEAD", "--jobs", "0"])


def with_config(tree, *edits):
    """Edit the tracked configuration: pairs of an old text and a new one."""
    config = tree / "benchmark_tiny" / "configs" / "tracked.yml"
    for old, new in edits:
        config.write_text(config.read_text().replace(old, new))


def test_a_run_without_results_says_why(here, tmp_path, monkeypatch):
    with worktree(here, "HEAD") as tree:
        with_config(tree, ("Gradient", "Nobody"))
        monkeypatch.chdir(tree)
        error = main(["run", "--repetitions", "1", "--history",
                      str(tmp_path / "h")])
        monkeypatch.chdir(here)
    assert "expected results of benchmark_tiny" in error
    assert "Nobody" in error
    assert not tree.exists()
    assert History(tmp_path / "h").table().empty


def test_a_base_without_results_is_repaired_by_head(
        here, capsys, monkeypatch, tmp_path):
    """Its curves are new; with one lost run, the others are compared; without
    results of HEAD, the numbers of the turns before are there, and a report
    of the error."""
    measured = []

    def measure(benchmark, config, python):
        side = "base" if len(measured) % 4 in (0, 3) else "head"
        measured.append(side)
        if len(measured) in broken:
            raise UserError("expected results")
        return [Record("D", "O", "S", "final value", worse[side])], []

    monkeypatch.setattr(compare, "measure", measure)
    arguments = ["compare", "HEAD", "HEAD", "--repetitions", "3", "--output",
                 str(tmp_path)]
    broken, worse = {1, 4, 5}, {"base": 1.0, "head": 2.0}
    assert main(arguments) == 0
    assert "1 new" in capsys.readouterr().out
    broken = {4}
    measured.clear()
    assert "got 1: see the lines" in main(arguments)
    assert "results in 2 of 3 runs of base" in capsys.readouterr().out
    (tmp_path / "numbers.parquet").unlink()
    broken = {6}  # two turns, and base of the third
    measured.clear()
    assert "expected results" in main(arguments)
    numbers = pd.read_parquet(tmp_path / "numbers.parquet")
    assert sorted(zip(numbers["repetition"], numbers["side"], strict=True)
                  ) == [(r, s) for r in (0, 1) for s in ("base", "head")]
    report = (tmp_path / "report.md").read_text()
    assert report.startswith(MARK)
    assert "not compared" in report
    assert "    expected results" in report


def test_environments_differ_where_their_files_do(tmp_path, monkeypatch):
    """Each commit then gets that of its own `make env`."""
    trees = {side: tmp_path / side for side in ("base", "head")}
    for tree in trees.values():
        tree.mkdir()
        (tree / "Makefile").write_text(
            "env:\n\tmkdir -p .venv/bin && touch .venv/bin/python\n")
    assert len(set(environments(trees).values())) == 1
    (trees["head"] / "constraints.txt").write_text("numpy==2.0\n")
    own = environments(trees)
    assert own["base"] != own["head"]
    assert all(Path(python).exists() for python in own.values())
    (trees["head"] / "Makefile").write_text("env:\n\t@echo no disk; false\n")
    with pytest.raises(Exception, match="no disk"):
        environments(trees)


def test_names_cannot_break_the_texts(here):
    """A solver may be called anything."""
    decision = Decision("B", "D|1", "O<o>", "S`&|", "m", "worse", 1, 2, 2,
                        *[float("nan")] * 3)
    text = markdown([decision], read_commit(here), read_commit(here), "How.")
    [row] = [line for line in text.splitlines() if "❌" in line]
    assert row.replace("\\|", "").count("|") == 7
    assert "<o>" not in row
    assert "x 2" in terminal_table([decision])


def test_help_says_how_to_use_it(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["compare", "--help"])
    assert "python -m ci compare main HEAD" in capsys.readouterr().out
