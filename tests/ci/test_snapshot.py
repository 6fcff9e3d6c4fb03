"""Shared results: one runs one solver, and sees the whole comparison."""
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchopt.results.parquet import get_metadata, to_parquet

from ci import UserError
from ci.__main__ import main
from ci.files import read_result, write_whole
from ci.tracking import snapshots
from ci.tracking.snapshots import RUN, load

ROOT = Path(__file__).parents[2]


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


def test_a_save_that_is_killed_is_noticed(benchmark, monkeypatch):
    """No table is read with the description of another: before the first
    file is written, all is as before, and after it, there is an error."""
    folder, path = benchmark / "snapshots", result_of(benchmark)
    df = pd.read_parquet(path)
    to_parquet(df.assign(time=2 * df["time"]), path, get_metadata(path))
    before, _ = load(folder, "main")
    for written in (0, 1):
        with monkeypatch.context() as patch:
            kill_after(written, patch)
            with pytest.raises(KeyboardInterrupt):
                snapshots.save(path, folder, "main")
        if not written:
            pd.testing.assert_frame_equal(load(folder, "main")[0], before)
    with pytest.raises(UserError, match="do not belong together"):
        load(folder, "main")
    snapshots.save(path, folder, "main")
    np.testing.assert_allclose(load(folder, "main")[0]["time"].sum(),
                               2 * before["time"].sum(), rtol=1e-4)


def kill_after(n_files, monkeypatch):
    """Let a snapshot write so many files, and no more."""
    left = iter(range(n_files))

    def write(path, content):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return write_whole(path, content)

    monkeypatch.setattr(snapshots, "write_whole", write)


def test_a_full_disk_leaves_the_former_result(benchmark, full_disk):
    assert main(["snapshot", str(benchmark), "main"]) == 0
    output = benchmark / "outputs" / "with_snapshot" / "main.parquet"
    before = output.read_bytes()
    with full_disk():
        assert "free some space" in main(["snapshot", str(benchmark), "main"])
    assert [*output.parent.iterdir()] == [output]
    assert output.read_bytes() == before


def test_the_snapshots_under_git_are_whole():
    tables = sorted(ROOT.glob("benchmark_*/snapshots/*.csv"))
    assert tables
    for table in tables:
        df, _ = snapshots.load(table.parent, table.stem)
        assert len(df)
