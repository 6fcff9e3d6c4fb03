"""The workflows name what exists, and list no benchmark by hand."""
import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from ci.__main__ import load_commands
from ci.tracking.texts import MARK

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(),
                     re.MULTILINE)
BENCHMARKS = sorted(p.parent.name for p in ROOT.glob("*/objective.py"))


def jobs(workflow):
    return yaml.safe_load(workflow.read_text())["jobs"]


def scripts(workflow):
    """The commands of all steps."""
    return [step["run"] for job in jobs(workflow).values()
            for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda w: w.name)
def test_workflows_call_targets_and_find_benchmarks(workflow):
    called = re.findall(r"\bmake ([\w-]+)", "\n".join(scripts(workflow)))
    assert set(called) <= set(TARGETS)
    assert not [name for name in BENCHMARKS if name in workflow.read_text()]
    for job in jobs(workflow).values():
        needs = job.get("needs", [])
        assert set([needs] if isinstance(needs, str) else needs) <= set(
            jobs(workflow))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda w: w.name)
def test_workflows_call_commands_that_exist(workflow):
    """With options that they have."""
    for line in re.findall(r"python -m ci (.*)", "\n".join(
            scripts(workflow))):
        name, *arguments = shlex.split(line)
        parser = argparse.ArgumentParser(exit_on_error=False)
        load_commands()[name].add_arguments(parser)
        parser.parse_args(arguments)


def test_the_night_fills_the_history_and_a_pull_request_is_compared():
    called = {w.stem: re.findall(r"python -m ci (\w+)", w.read_text())
              for w in WORKFLOWS}
    assert {"run", "history", "site"} <= set(called["nightly"])
    assert set(called["compare"]) == {"compare"} == set(called["compare_gpu"])


@pytest.mark.parametrize("name", ["compare", "compare_gpu"])
def test_a_pull_request_is_compared_with_where_it_began(name, tmp_path):
    """In a repository whose main went on after the branch left it."""
    root = tmp_path / "suite"

    def git(*arguments):
        return subprocess.run(
            ["git", "-C", root, "-c", "user.name=Ada", "-c",
             "user.email=ada@example.org", *arguments], check=True, text=True,
            capture_output=True).stdout.strip()

    subprocess.run(["git", "init", "--quiet", root], check=True)
    ids = []
    for message in ("fork", "main goes on", "branch"):
        if message == "branch":
            git("checkout", "--quiet", "--detach", ids[0])
        git("commit", "--allow-empty", "--quiet", "--message", message)
        ids.append(git("rev-parse", "HEAD"))
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    [script] = [s for w in WORKFLOWS if w.stem == name for s in scripts(w)
                if "ci compare" in s]
    said = subprocess.run(
        ["bash", "-euc", script], cwd=root, check=True, text=True,
        capture_output=True, env=os.environ | {"BASE": ids[1]}).stdout
    assert said.startswith(f"-m ci compare {ids[0]} HEAD")


@pytest.mark.skipif(not shutil.which("jq"), reason="needs jq on the PATH")
@pytest.mark.parametrize("report", [f"{MARK}\nNothing changed.\n", None])
def test_the_comment_is_that_of_the_last_push(report, tmp_path):
    """Where it has no report, it says so instead of an older one."""
    [step] = [s for w in WORKFLOWS if w.stem == "compare"
              for s in jobs(w)["compare"]["steps"] if s.get("name")]
    old = tmp_path / "old.json"
    old.write_text(json.dumps([{"id": 7, "body": f"{MARK}\nold"}]))
    gh = tmp_path / "gh"
    gh.write_text(f'''#!/bin/sh
if [ "$2" = --paginate ]; then cat {old}; exit; fi
echo "$@"; cat "${{6#body=@}}"''')
    gh.chmod(0o755)
    if report:
        (tmp_path / step["env"]["REPORT"]).parent.mkdir(parents=True)
        (tmp_path / step["env"]["REPORT"]).write_text(report)
    said = subprocess.run(
        ["bash", "-euc", step["run"]], cwd=tmp_path, check=True, text=True,
        capture_output=True, env=os.environ | step["env"] | {
            "COMMENTS": "repos/a/b/issues/1/comments",
            "PATH": f"{tmp_path}:{os.environ['PATH']}"}).stdout
    first, mark, body = said.splitlines()
    assert "PATCH repos/a/b/issues/comments/7" in first
    assert mark == MARK
    assert body == (report.splitlines()[1] if report else
                    "Nothing was compared: see the log of the workflow.")


def test_a_label_ends_no_comparison_and_skips_none():
    """A job skipped for a label would count as passed; a run for another
    label would end a running one of its concurrency group."""
    for workflow in WORKFLOWS:
        content = yaml.safe_load(workflow.read_text())
        [trigger] = [content[key] for key in ("on", True) if key in content]
        pulls = trigger.get("pull_request") or {}
        if "labeled" in pulls.get("types", []):
            assert "github.event.label.name" in content["concurrency"]["group"]
            others = [jobs(w) for w in WORKFLOWS if w != workflow]
            assert not set(content["jobs"]) & {n for o in others for n in o}
        else:
            assert "labeled" not in workflow.read_text()


def test_no_workflow_tests_installations():
    """They would need conda, and know nothing of the package `unrolling`."""
    called = [line for w in WORKFLOWS for script in scripts(w)
              for line in script.splitlines() if "benchopt test" in line]
    assert called
    assert all("--skip-install" in line for line in called)


def test_the_history_is_kept_if_a_solver_fails():
    """Unless the former one could not be read, which would then be lost."""
    [steps] = [job["steps"] for w in WORKFLOWS if w.stem == "nightly"
               for job in jobs(w).values()]
    [keep] = [step for step in steps if "history --export" in step.get(
        "run", "")]
    [fetch] = [step for step in steps if "history --add" in step.get(
        "run", "")]
    assert keep["if"] == (
        f"always() && steps.{fetch['id']}.outcome == 'success'")
    [artifact] = [step for step in steps if "upload-artifact@" in step.get(
        "uses", "")]
    assert artifact["if"] == "always()"
    assert "history" in artifact["with"]["path"]


@pytest.mark.skipif(not shutil.which("actionlint"),
                    reason="needs actionlint on the PATH")
def test_workflows_are_valid():
    subprocess.run(["actionlint", *WORKFLOWS], cwd=ROOT, check=True)


def test_every_push_is_linted_and_tested():
    """The slow tests on imitated machines are left to the schedule."""
    [workflow] = [w for w in WORKFLOWS if w.stem == "tests"]
    of_push = [step.get("run") for job in jobs(workflow).values()
               if "if" not in job for step in job["steps"]]
    assert {"ruff check .", "make test"} <= set(of_push)
    assert "make test-portable" not in of_push
    assert "schedule" in jobs(workflow)["portable"]["if"]


@pytest.mark.skipif(not shutil.which("jq"), reason="needs jq on the PATH")
def test_benchmarks_are_found(tmp_path):
    [workflow] = [w for w in WORKFLOWS if w.stem == "tests"]
    [script] = [s for s in scripts(workflow) if "GITHUB_OUTPUT" in s]
    output = tmp_path / "output"
    subprocess.run(["bash", "-euc", script], cwd=ROOT, check=True,
                   env=os.environ | {"GITHUB_OUTPUT": str(output)})
    name, _, value = output.read_text().strip().partition("=")
    assert name == "names"
    assert json.loads(value) == BENCHMARKS
