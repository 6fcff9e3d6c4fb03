"""Configurations for clusters; dask gives what a local run gives."""
import importlib.util
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).parents[2]
CONFIGS = {name: ROOT / "configs" / f"parallel_{name}.yml"
           for name in ("dask", "slurm")}
needs_dask = pytest.mark.skipif(
    not importlib.util.find_spec("distributed"),
    reason="needs pip install dask distributed")


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


GRADIENT = "-s", "Gradient", "-n", "5", "-r", "1"
"""A run of 2 x 2 curves."""


@needs_dask
def test_two_workers_give_the_results_of_a_local_run(
        cluster, tmp_path, tiny_runs, wait_for):
    """Also where one of them is killed in the middle."""
    address, workers = cluster
    local = tiny_runs.run("local", *GRADIENT)
    assert len(local.groupby(tiny_runs.keys[:3])) == 4
    config = yaml.safe_load(CONFIGS["dask"].read_text())
    own = tmp_path / "parallel.yml"
    own.write_text(yaml.safe_dump(config | {"dask_address": address}))
    remote = tiny_runs.run(
        "remote", *GRADIENT, "--parallel-config", str(own))
    pd.testing.assert_frame_equal(remote, local)
    folder = tiny_runs.copy("killed")
    solver = folder / "solvers" / "gradient.py"
    solver.write_text(solver.read_text().replace(
        "        self.z = z", "        self.z = z\n"
        "        import time, pathlib\n"
        f"        pathlib.Path({str(tmp_path / 'started')!r}).touch()\n"
        "        time.sleep(0.05)"))
    process, output = tiny_runs.start(
        folder, *GRADIENT, "--parallel-config", str(own))
    wait_for((tmp_path / "started").exists, tmp_path)
    workers[0].kill()
    pd.testing.assert_frame_equal(tiny_runs.table(process, output), local)


def test_configurations_name_a_backend_of_benchopt():
    for name, backend in (("dask", "dask"), ("slurm", "submitit")):
        config = yaml.safe_load(CONFIGS[name].read_text())
        assert config.pop("backend") == backend
        assert all(key.startswith(f"{name}_") for key in config)
