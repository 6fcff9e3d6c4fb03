"""Size and loading time of the history's page: 500 commits x 200 series.

python -m performance.ci.dashboard

Bars: less than 10 MB, less than 3 s in Chromium until every sparkline and the
chart are drawn. The history is made up, with 20 % noise and a change in every
tenth series.
"""
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from ci.tracking.git import Commit
from ci.tracking.metrics import Record
from ci.tracking.store import History
from ci.tracking.tables import run_table

N_COMMITS, N_SOLVERS, N_DATA = 500, 10, 10
METRICS = "seconds to 1e-06", "iterations to 1e-06"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


def fill(history):
    """Add one run per commit."""
    rng = np.random.default_rng(0)
    for k in range(N_COMMITS):
        commit = Commit(f"{k:040x}", f"2026-01-01T00:{k // 60:02}:{k % 60:02}",
                        "Somebody", f"Change number {k}", False)
        records = [
            Record(f"Simulated[n_atoms={d}]", "Lasso[reg=0.5]", f"Solver {s}",
                   metric, np.exp(0.2 * rng.standard_normal()) * (
                       1.5 if s == 0 and k > 300 else 1))
            for s in range(N_SOLVERS) for d in range(N_DATA)
            for metric in METRICS]
        history.add(run_table(
            f"{k:032x}", commit.date, commit, "benchmark_made_up", "machine",
            {"cpu": "made up"}, {}, records))


def loading_time(path):
    """Best of three loads, in seconds, until all is drawn."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"])
        times = []
        for _ in range(3):
            page = browser.new_page()
            started = time.perf_counter()
            page.goto(path.as_uri())
            page.wait_for_function(
                "document.querySelectorAll('svg.spark path').length >= 200 "
                "&& document.querySelector('#chart .scatterlayer .trace')")
            times.append(time.perf_counter() - started)
            page.close()
        browser.close()
    return min(times)


def main():
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.sqlite"
        fill(History(file))
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "ci", "history", "--history", file],
            check=True, stdout=subprocess.DEVNULL)
        wall = time.perf_counter() - started
        page = file.with_suffix(".html")
        size, seconds = page.stat().st_size / 1e6, loading_time(page)
    print(f"python -m ci history: {wall:.1f} s")
    print(f"page {size:.1f} MB, bar 10 MB, ratio {size / 10:.2f}; "
          f"loads in {seconds:.2f} s, bar 3 s, ratio {seconds / 3:.2f}")


if __name__ == "__main__":
    main()
