"""A tiny benchmark with every type of plot, run once."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ci.report.command import write_report


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """Folder of the benchmark, with one result file in its outputs."""
    folder = tmp_path_factory.mktemp("ci") / "tiny_benchmark"
    shutil.copytree(Path(__file__).with_name("tiny_benchmark"), folder)
    subprocess.run(
        [sys.executable, "-m", "benchopt", "run", folder, "--no-plot",
         "-r", "3", "-n", "12"],
        check=True, capture_output=True,
    )
    return folder


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
