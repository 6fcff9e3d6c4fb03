"""Shared results: one runs one solver, and sees the whole comparison."""
import json
import shutil

import numpy as np
import pandas as pd
import pytest
from benchopt.results.parquet import get_metadata, to_parquet

from ci.__main__ import main
from ci.files import read_result
from ci.tracking.snapshots import RUN, load


@pytest.fixture
def benchmark(tiny, tmp_path):
    folder = shutil.copytree(tiny, tmp_path / "benchmark_tiny")
    assert main(["snapshot", str(folder), "main", "--save"]) == 0
    return folder


def result_of(benchmark):
    [path] = (benchmark / "outputs").glob("benchopt_run*.parquet")
    return path


def test_a_snapshot_is_the_results_in_six_digits(benchmark):
    df, metadata = read_result(result_of(benchmark))
    back, kept = load(benchmark / "snapshots", "main")
    assert kept == metadata
    assert len(back) == len(df)
    keys = [*RUN, "idx_rep", "stop_val"]
    for table in (df, back):
        # infinite tolerances are large numbers
        table["stop_val"] = table["stop_val"].map("{:.6g}".format)
    both = df.merge(back, on=keys, suffixes=("", "_back"))
    assert len(both) == len(df)
    for name in ("time", "objective_value", "objective_suboptimality",
                 "objective_nan_at_zero"):
        np.testing.assert_allclose(both[f"{name}_back"], both[name],
                                   rtol=1e-5, atol=0)
    for name in ("solver_description", "obj_description", "platform",
                 "sampling_strategy", "objective_verdict"):
        assert (both[f"{name}_back"] == both[name]).all()


def test_the_same_results_give_the_same_text(benchmark):
    """Rows in another order change nothing, a new solver adds lines only."""
    table = benchmark / "snapshots" / "main.csv"
    before, path = table.read_text(), result_of(benchmark)
    df = pd.read_parquet(path)
    more = df[df["solver_name"] == "Lazy"].assign(solver_name="Newcomer")
    to_parquet(pd.concat([df.sample(frac=1, random_state=0), more]), path,
               get_metadata(path))
    assert main(["snapshot", str(benchmark), "main", str(path), "--save"]) == 0
    after = table.read_text().splitlines()
    assert [line for line in after if "Newcomer" not in line] == (
        before.splitlines())
    assert len(after) == len(before.splitlines()) + len(more)


def test_one_solver_is_seen_among_all(benchmark, capsys, check_report):
    """One's own curves replace those of the snapshot."""
    path = result_of(benchmark)
    df = pd.read_parquet(path)
    own = df[df["solver_name"] == "Lazy"].assign(time=123.0)
    to_parquet(own, path, get_metadata(path))
    capsys.readouterr()
    assert main(["snapshot", str(benchmark), "main"]) == 0
    printed = capsys.readouterr()
    assert "more than one machine" not in printed.err
    output = benchmark / "outputs" / "with_snapshot" / "main.parquet"
    merged, _ = read_result(output)
    assert len(merged) == len(df)
    lazy = merged["solver_name"] == "Lazy"
    assert (merged["time"][lazy] == 123).all()
    assert (merged["time"][~lazy] < 123).all()
    report = benchmark / "report.html"
    assert main(["report", str(benchmark), str(output), "--output",
                 str(report)]) == 0
    drawn = check_report(report)
    assert drawn["quartiles"] == 12


def test_another_machine_is_a_warning(benchmark, capsys):
    """Each time, and what mixes both becomes no snapshot."""
    about = benchmark / "snapshots" / "main.json"
    content = json.loads(about.read_text())
    content["shared"][""][""]["system-processor"] = "Abacus"
    about.write_text(json.dumps(content))
    path = result_of(benchmark)
    df = pd.read_parquet(path)
    to_parquet(df[df["solver_name"] == "Lazy"], path, get_metadata(path))
    for _ in range(2):
        assert main(["snapshot", str(benchmark), "main"]) == 0
        told = capsys.readouterr()
        assert "more than one machine" in told.err
        assert "Abacus" in told.err
    mixed = told.out.splitlines()[0]
    before = (benchmark / "snapshots" / "main.csv").read_text()
    error = main(["snapshot", str(benchmark), "main", mixed, "--save"])
    assert "expected results of one machine" in error
    assert (benchmark / "snapshots" / "main.csv").read_text() == before
    assert main(["snapshot", str(benchmark), "main", "--save"]) == 0
    saved, _ = load(benchmark / "snapshots", "main")
    assert set(saved["solver_name"]) == {"Lazy"}, "one's own results"


def test_damaged_and_missing_snapshots_are_refused(benchmark):
    assert "--save" in main(["snapshot", str(benchmark), "other"])
    (benchmark / "snapshots" / "main.json").write_text("{")
    assert "expected a snapshot" in main(["snapshot", str(benchmark), "main"])
