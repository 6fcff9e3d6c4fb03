"""The commands as a user types them, on a copy of benchmark_lasso."""
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).parents[1]
SMALL = ["-d", "Simulated[n_dim=10,n_atoms=20,n_train=60,n_test=20]",
         "-o", "Lasso[reg=0.5]"]


@pytest.fixture
def benchmark(tmp_path):
    """A copy of benchmark_lasso, without results and caches."""
    return shutil.copytree(
        ROOT / "benchmark_lasso", tmp_path / "benchmark_lasso",
        ignore=shutil.ignore_patterns("outputs", "__cache__", "__pycache__"))


def command(benchmark, *arguments):
    """The arguments of subprocess.run for `benchopt run`."""
    benchopt = Path(sys.executable).with_name("benchopt")
    return [benchopt, "run", benchmark, *arguments, "--no-display"]


def run(benchmark, *arguments):
    """Run to the end; returns what it printed and the newest results."""
    done = subprocess.run(
        command(benchmark, *arguments), capture_output=True, text=True,
        cwd=benchmark.parent, check=False)
    results = sorted((benchmark / "outputs").glob("*.parquet"),
                     key=os.path.getmtime)
    output = done.stdout + done.stderr
    assert results, output
    return output, pd.read_parquet(results[-1])


def test_smoke_run_and_report(benchmark, check_report):
    output, results = run(
        benchmark, "--config", ROOT / "benchmark_lasso/configs/smoke.yml")
    config = yaml.safe_load((benchmark / "configs/smoke.yml").read_text())
    names = {s.split("[")[0] for s in config["solver"]}
    assert {s.split("[")[0] for s in results["solver_name"]} == names, output
    # nothing that can run is left out of it
    files = [f for f in (benchmark / "solvers").glob("*.py")
             if not f.name.startswith("template_")]
    assert len(files) == len(names)
    assert (results["objective_reference_gap"] <= 1e-12).all()
    assert (results["objective_suboptimality"] >= -1e-12).all()
    subprocess.run([sys.executable, "-m", "ci", "report", benchmark],
                   cwd=ROOT, check=True, capture_output=True)
    pages = list((benchmark / "outputs").glob("benchopt_run*.html"))
    assert len(pages) == 1
    drawn = check_report(pages[0], ROOT / "artifacts")
    plots = yaml.safe_load((benchmark / "config.yml").read_text())["plots"]
    assert set(drawn) == set(plots)
    assert all(drawn.values())


def test_a_killed_run_loses_no_trained_depth(benchmark):
    solver = ["-s", "Step-LISTA[max_layers=8]"]
    weights = benchmark / "__cache__" / "weights"
    process = subprocess.Popen(
        command(benchmark, *SMALL, *solver), cwd=benchmark.parent,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not len(list(weights.glob("*.safetensors"))) >= 2:
        assert process.poll() is None, "ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = {f: f.stat().st_mtime_ns for f in weights.glob("*.safetensors")}
    output, results = run(benchmark, *SMALL, *solver)
    assert results["stop_val"].tolist() == [0, 1, 2, 3, 5, 8], output
    assert {f: f.stat().st_mtime_ns for f in kept} == kept
    assert len(list(weights.glob("*.safetensors"))) == 5


def test_two_runs_at_once(benchmark):
    arguments = [*SMALL, "-s", "Step-LISTA[max_layers=3]", "-s", "ISTA"]
    processes = [
        subprocess.Popen(
            command(benchmark, *arguments, "--output", f"run_{k}"),
            cwd=benchmark.parent, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        for k in range(2)
    ]
    outputs = [process.communicate()[0] for process in processes]
    assert [p.returncode for p in processes] == [0, 0], outputs
    one, two = (pd.read_parquet(benchmark / "outputs" / f"run_{k}.parquet")
                for k in range(2))
    learned = one["solver_name"].str.startswith("Step-LISTA")
    assert learned.sum() == 4
    column = "objective_suboptimality"
    assert one[column][learned].tolist() == two[column][learned].tolist()


def test_bad_data_and_a_failing_solver_cost_only_their_own(benchmark):
    """The data are refused, the error is shown, and the rest runs."""
    dataset = (benchmark / "datasets/template_dataset.py").read_text()
    (benchmark / "datasets/broken.py").write_text(
        dataset.replace("My-data", "Broken").replace(
            '"D": rng.standard_normal((30, self.n_atoms))',
            '"D": rng.standard_normal((30, self.n_atoms)) * float("nan")'))
    text = (benchmark / "solvers/template_solver.py").read_text()
    (benchmark / "solvers/failing.py").write_text(text.replace(
        "while cb():", "while cb():\n            raise OSError('disk')"))
    output, results = run(benchmark, "-d", "Broken", *SMALL,
                          "-s", "ISTA", "-s", "My-method", "-s", "CD")
    assert "D must be finite, got 3000 NaN" in output
    assert "OSError: disk" in output
    assert set(results["solver_name"].str.split("[").str[0]) == {"ISTA", "CD"}
    assert set(results["dataset_name"].str.split("[").str[0]) == {"Simulated"}


def test_add_a_solver_in_five_steps(benchmark):
    """The README's steps, literally: copy, run, test."""
    readme = (ROOT / "README.md").read_text()
    steps = readme.split("## Add a solver in five steps")[1]
    commands = [line.split("`")[1] for line in steps.split("\n\n")[1]
                .splitlines() if "benchopt" in line or "cp " in line]
    assert [c.split()[0] for c in commands] == ["cp", "benchopt", "benchopt"]
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for step in commands:
        if "benchopt run" in step:
            step += " --no-display"
        done = subprocess.run(
            step, shell=True, cwd=benchmark.parent, env=environment,
            capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout
