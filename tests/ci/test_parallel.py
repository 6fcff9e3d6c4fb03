"""A dask cluster of two workers on loopback gives what a local run gives."""
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).parents[2]
TINY = Path(__file__).with_name("tiny_benchmark")
CONFIGS = {name: ROOT / "configs" / f"parallel_{name}.yml"
           for name in ("dask", "slurm")}
needs_dask = pytest.mark.skipif(
    not importlib.util.find_spec("distributed"),
    reason="needs pip install dask distributed")
KEYS = ["dataset_name", "objective_name", "solver_name", "idx_rep",
        "stop_val"]


def start(stack, module, *arguments):
    """A process that ends with the stack; its lines can be read."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    stack.enter_context(process)
    stack.callback(process.kill)
    return process


def line_of(process, pattern):
    """The first line that a process prints with the pattern: its match."""
    for line in process.stdout:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"{process.args} ended before it printed {pattern}")


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler, and two workers of one thread."""
    with ExitStack() as stack:
        scheduler = start(
            stack, "dask_scheduler", "--host", "127.0.0.1", "--port", "0",
            "--no-dashboard", "--no-show")
        address = line_of(scheduler, r"(tcp://127\.0\.0\.1:\d+)")[1]
        workers = [
            start(stack, "dask_worker", address, "--nthreads", "1",
                  "--no-nanny", "--no-dashboard", "--name", f"w{k}",
                  "--local-directory", str(tmp_path / f"w{k}"))
            for k in range(2)]
        for worker in workers:
            line_of(worker, "Registered to")
        yield address, workers


def benchmark(tmp_path, name):
    return shutil.copytree(TINY, tmp_path / name / "tiny_benchmark")


def run(folder, *options):
    """Start a run of Gradient, 2 x 2 curves; the file of its results."""
    output = folder.parent / "r.parquet"
    process = subprocess.Popen(
        [sys.executable, "-m", "benchopt", "run", str(folder), "--no-plot",
         "-s", "Gradient", "-n", "5", "-r", "1", "--output", str(output),
         *options],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"OMP_NUM_THREADS": "1"})
    return process, output


def table(process, output):
    printed = process.communicate()[0]
    assert process.returncode == 0, printed
    df = pd.read_parquet(output).sort_values(KEYS, ignore_index=True)
    return df[[*KEYS, "objective_value", "objective_suboptimality"]]


@needs_dask
def test_two_workers_give_the_results_of_a_local_run(cluster, tmp_path):
    """Also where one of them is killed in the middle."""
    address, workers = cluster
    local = table(*run(benchmark(tmp_path, "local")))
    assert len(local.groupby(KEYS[:3])) == 4
    config = yaml.safe_load(CONFIGS["dask"].read_text())
    own = tmp_path / "parallel.yml"
    own.write_text(yaml.safe_dump(config | {"dask_address": address}))
    remote = table(*run(benchmark(tmp_path, "remote"), "--parallel-config",
                        str(own)))
    pd.testing.assert_frame_equal(remote, local)
    folder = benchmark(tmp_path, "killed")
    solver = folder / "solvers" / "gradient.py"
    solver.write_text(solver.read_text().replace(
        "        self.z = z", "        self.z = z\n"
        "        import time, pathlib\n"
        f"        pathlib.Path({str(tmp_path / 'started')!r}).touch()\n"
        "        time.sleep(0.05)"))
    process, output = run(folder, "--parallel-config", str(own))
    deadline = time.monotonic() + 60
    while not (tmp_path / "started").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    workers[0].kill()
    pd.testing.assert_frame_equal(table(process, output), local)


def test_configurations_name_a_backend_of_benchopt():
    for name, backend in (("dask", "dask"), ("slurm", "submitit")):
        config = yaml.safe_load(CONFIGS[name].read_text())
        assert config.pop("backend") == backend
        assert all(key.startswith(f"{name}_") for key in config)


@pytest.mark.skipif(
    not (shutil.which("sbatch") and importlib.util.find_spec("submitit")),
    reason="needs a Slurm cluster (sbatch) and pip install submitit")
def test_slurm_gives_the_results_of_a_local_run(tmp_path):
    local = table(*run(benchmark(tmp_path, "local")))
    remote = table(*run(benchmark(tmp_path, "remote"), "--parallel-config",
                        str(CONFIGS["slurm"])))
    pd.testing.assert_frame_equal(remote, local)
