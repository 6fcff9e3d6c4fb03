"""A tiny benchmark with every type of plot, run once."""

import os
import resource
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ci.__main__ import main
from ci.report.command import write_report

ROOT = Path(__file__).parents[2]
TINY = Path(__file__).with_name("tiny_benchmark")
KEYS = ["dataset_name", "objective_name", "solver_name", "idx_rep",
        "stop_val"]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """Folder of the benchmark, with one result file in its outputs."""
    folder = tmp_path_factory.mktemp("ci") / "tiny_benchmark"
    shutil.copytree(TINY, folder)
    subprocess.run(
        [sys.executable, "-m", "benchopt", "run", folder, "--no-plot",
         "-r", "3", "-n", "12"],
        check=True, capture_output=True,
    )
    return folder


@pytest.fixture(scope="session")
def full_disk():
    """A context in which no file grows beyond 8 KiB."""
    @contextmanager
    def limited():
        old = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, old[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, old)
    return limited


@pytest.fixture(scope="session")
def result_file(tiny):
    """The parquet file of the run."""
    [path] = (tiny / "outputs").glob("*.parquet")
    return path


@pytest.fixture(scope="session")
def report(tiny, result_file, tmp_path_factory):
    """The report of the run."""
    output = tmp_path_factory.mktemp("reports") / "tiny.html"
    return write_report(tiny, result_file, output)


@pytest.fixture(scope="session")
def run_claims():
    """`run_claims(*args)`: the command `claims` in this process, which
    returns 0, or the message of the error."""
    return lambda *args: main(["claims", *map(str, args)])


@pytest.fixture(scope="session")
def start_claims():
    """`start_claims(benchmark, *options)`: the command as a user starts it."""
    return lambda benchmark, *options: subprocess.Popen(
        [sys.executable, "-m", "ci", "claims", benchmark, *options],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True)


@pytest.fixture(scope="session")
def judged(start_claims, tmp_path_factory):
    """A tiny benchmark whose claims were run, and what was printed.

    Tests read it; those that run it again do so on the fixture `benchmark`.
    """
    folder = tmp_path_factory.mktemp("claims") / "tiny_benchmark"
    shutil.copytree(TINY, folder)
    process = start_claims(folder)
    printed = process.communicate()[0]
    assert process.returncode == 0, printed
    return folder, printed


@pytest.fixture
def benchmark(judged, tmp_path):
    """A copy of the tiny benchmark whose claims were run."""
    return shutil.copytree(judged[0], tmp_path / "tiny_benchmark")


@pytest.fixture
def tiny_runs(tmp_path):
    """Runs of a tiny benchmark whose results are compared, by `keys`.

    copy(name) is the benchmark in a folder of that name; start(folder,
    *options) starts a run, and returns its process and the file of its
    results; table(process, output) is these results, once it has ended;
    run(name, *options) is those of a run in a copy.
    """
    def copy(name):
        return shutil.copytree(TINY, tmp_path / name / "tiny_benchmark")

    def start(folder, *options, variables=os.environ):
        output = folder.parent / "r.parquet"
        process = subprocess.Popen(
            [sys.executable, "-m", "benchopt", "run", str(folder), "--no-plot",
             "--output", str(output), *options],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=variables | {"OMP_NUM_THREADS": "1"})
        return process, output

    def table(process, output):
        printed = process.communicate()[0]
        assert process.returncode == 0, printed
        df = pd.read_parquet(output).sort_values(KEYS, ignore_index=True)
        return df[[*KEYS, "objective_value", "objective_suboptimality"]]

    def run(name, *options, **keywords):
        return table(*start(copy(name), *options, **keywords))

    return SimpleNamespace(
        copy=copy, start=start, table=table, run=run, keys=KEYS)


@pytest.fixture
def rng():
    """Random numbers that are the same in each test."""
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def wait_for():
    """A function that waits for others."""
    def wait(condition, folder, seconds=60):
        """Wait until a condition holds; an error shows the folder's logs."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "\n".join(
                f"{log.name}:\n{log.read_text(errors='replace')[-2000:]}"
                for log in folder.glob("*.log"))
            time.sleep(0.05)

    return wait
