"""One measurement: a configuration run by benchopt, with empty caches."""

import os
import sys
import tempfile
from pathlib import Path

from ci import UserError
from ci.calls import call
from ci.files import benchmark_folder, read_result
from ci.printed import SKIP, endings, plain
from ci.threads import threads
from ci.tracking.metrics import records_of

ONE_THREAD = threads(1)
"""Results are the same from run to run, and threads do not wait for cores."""


def tracked_benchmarks(root, names, config):
    """List the benchmarks that have a configuration.

    Parameters
    ----------
    root : Path, the suite's folder
    names : list of str, the folders asked for; all that have it if empty
    config : str, its name without .yml

    Returns
    -------
    list of Path; UserError if one has no such configuration, or none has.
    """
    found = ([benchmark_folder(root / name) for name in names] if names
             else sorted(p.parents[1] for p in root.glob(
                 f"benchmark_*/configs/{config}.yml")))
    missing = [folder.name for folder in found
               if not config_file(folder, config).exists()]
    if missing or not found:
        raise UserError(
            f"expected a configuration configs/{config}.yml in "
            f"{', '.join(missing) or f'a benchmark of {root}'}, got none: "
            f"write one, see benchmark_lasso/configs/tracked.yml")
    return found


def config_file(benchmark, config):
    """Path of a benchmark's configuration."""
    return benchmark / "configs" / f"{config}.yml"


def measure(benchmark, config, python=sys.executable):
    """Run a configuration in a process of its own, and sum up its curves.

    The code that runs is that of the folder that the benchmark is in. Nothing
    is taken from a cache: results are computed and networks trained anew. All
    is done on one thread.

    Parameters
    ----------
    benchmark : Path, the benchmark's folder
    config : Path, the configuration
    python : str, the interpreter that runs benchopt

    Returns
    -------
    list of Record, and list of str, the curves that benchopt began and that
    have no result, with the reason. UserError, with the end of what benchopt
    printed, if there is no result at all.
    """
    benchmark = Path(benchmark).resolve()
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "r.parquet"
        paths = [str(benchmark.parent), os.environ.get("PYTHONPATH", "")]
        ended = call(
            "benchopt",
            # keys of a cache that starts empty cost more than they save
            ["run", str(benchmark), "--config", str(config), "--no-plot",
             "--no-timeout", "--no-cache", "--output", str(output)],
            ONE_THREAD | {
                "BENCHOPT_CACHE": str(Path(folder) / "cache"),
                "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            benchmark.parent, python)
        printed = plain(ended.printed.decode("utf-8", "replace"))
        if ended.exit_code or not output.exists():
            raise UserError(
                f"expected results of {benchmark.name} with {config}, got "
                f"none, or not all (exit code {ended.exit_code}); "
                f"benchopt's last lines were:\n{tail(printed)}")
        lost = [f"{one.name}{one.where and f' on {one.where}'}: {one.said}"
                for one in endings(printed) if one.status != SKIP]
        return records_of(read_result(output)[0], ended.peak_mib), lost


def tail(printed, n_lines=15):
    """Return the last lines of what was printed."""
    return "\n".join(printed.splitlines()[-n_lines:])
