"""Write one static site: a landing page, reports, claims, the history.

The pages open from a folder, without a network, and are fit for GitHub Pages.
A benchmark's report is that of its newest result file, its claims page the
last one that `ci claims` wrote (in full mode, if there is one); the history is
what `ci run` measured. What is not there yet is left out, and the landing page
says which command makes it. Without a result file, who wins is read from the
snapshot under git, if there is one.

    python -m ci site artifacts/site
"""

import os
import subprocess
import sys
from pathlib import Path

from ci import UserError
from ci.files import benchmarks_of, write_whole
from ci.site.findings import Benchmark, read_benchmark
from ci.site.page import landing_page

MODES = "full", "quick"

PACKAGE = str(Path(__file__).resolve().parents[2])
"""Folder of the package `ci`, which need not be the working directory."""


def add_arguments(parser):
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    """
    parser.add_argument("folder", type=Path, help="where the site goes")
    parser.add_argument(
        "--history", type=Path, metavar="FILE",
        default=Path("artifacts") / "history.sqlite",
        help="the history of ci run (default: artifacts/history.sqlite)",
    )


def run(args):
    """Run `python -m ci site`, and print the landing page's path.

    Parameters
    ----------
    args : argparse.Namespace, see `add_arguments`
    """
    found = benchmarks_of(Path.cwd())
    if not found:
        raise UserError(
            f"expected folders benchmark_* in {Path.cwd()}, got none: run "
            f"from the suite's folder")
    benchmarks = [read_benchmark(path) for path in found]
    pages = [pages_of(one, args.folder) for one in benchmarks]
    history = ""
    if args.history.exists():
        history = "history.html"
        call("history", "--history", args.history, "--output",
             args.folder / history)
    claims = "claims.html" if any(one.claims for one in benchmarks) else ""
    if claims:
        call("claims", "--output", args.folder)
    page = landing_page(benchmarks, pages, history, claims)
    print(write_whole(args.folder / "index.html", page.encode("utf-8")))


def pages_of(benchmark: Benchmark, folder):
    """Put a benchmark's pages in the folder.

    Parameters
    ----------
    benchmark : Benchmark
    folder : Path

    Returns
    -------
    dict of "report" and "claims" to the names of their files, where they are
    """
    pages, path = {}, benchmark.path
    if benchmark.result is not None:
        pages["report"] = f"{path.name}.html"
        call("report", path, benchmark.result, "--output",
             folder / pages["report"])
    written = [path / "outputs" / f"claims_{mode}" / "claims.html"
               for mode in MODES]
    written = [file for file in written if file.exists()]
    if written:
        pages["claims"] = f"{path.name}_claims.html"
        write_whole(folder / pages["claims"], written[0].read_bytes())
    return pages


def call(*arguments):
    """Run another command; UserError with what it printed if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "ci", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join(
            [PACKAGE, *filter(None, [os.environ.get("PYTHONPATH")])])})
    if done.returncode:
        raise UserError(
            f"expected python -m ci {arguments[0]} to write a page, got: "
            f"{done.stdout.strip()[-2000:]}")
    print(f"python -m ci {' '.join(map(str, arguments))}", flush=True)
