"""What `claims --record` keeps, and what is said of it when it is read."""
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pandas as pd
import pytest

import ci.claims.record as records
from ci import UserError
from ci.__main__ import main
from ci.claims.jobs import read_all
from ci.claims.page import Result
from ci.claims.parts import HOLDS, Effect, Part
from ci.claims.record import read_record, record, why_not
from ci.claims.verdict import NOT_RUN, Verdict

TINY = Path(__file__).with_name("tiny_benchmark")
PART = Part("there", "a / b", Effect(2.0, 1.5, 3.0))
GOOD = Verdict(HOLDS, "", [PART])


def result(name, verdict=GOOD, n_seeds=1):
    """A result of the command, as far as the record reads it."""
    claim = SimpleNamespace(name=name, title="", sentence="", source="")
    return Result(claim, verdict, rows("FISTA", n_seeds), [])


def rows(solver, n_seeds):
    """The rows of a solver on so many seeds of one problem."""
    return pd.DataFrame({
        "solver_name": solver, "dataset_name": "Digits",
        "objective_name": "Lasso", "base_seed": range(n_seeds)})


def test_what_was_not_run_leaves_the_record_as_it_was(tmp_path):
    """In the full mode, too: a solver that fails costs no verdict."""
    record(tmp_path, "full", [result("G1")])
    kept = read_record(tmp_path)
    _, left_out = record(
        tmp_path, "full", [result(name, Verdict(NOT_RUN, "a disk", []))
                           for name in ("G1", "G2")])
    assert left_out == [
        "G1 was not run and keeps its verdict of the full mode",
        "G2 was not run"]
    assert read_record(tmp_path) == kept
    assert kept[0]["verdict"] == HOLDS


def test_seeds_are_those_of_every_run(tmp_path):
    """Five of one solver and ten of another make a record of five."""
    ten = result("G1", n_seeds=10)
    record(tmp_path, "full", [ten._replace(rows=pd.concat(
        [ten.rows, rows("ISTA", 5)]))])
    assert read_record(tmp_path)[0]["seeds"] == [*range(5)]


def test_what_is_known_better_stays():
    """The full mode is, and of one mode more seeds are."""
    def replaced(former, new):
        return not why_not(*({
            "verdict": HOLDS, "mode": mode, "seeds": [*range(n)]}
            for mode, n in (new, former)))

    for n in (3, 5, 10):
        assert replaced(("full", 5), ("full", n)) == (n >= 5)
        assert replaced(("quick", 5), ("quick", n)) == (n >= 5)
        assert replaced(("quick", 5), ("full", n))
        assert not replaced(("full", 5), ("quick", n))


def test_what_is_not_recorded_is_said(tmp_path):
    record(tmp_path, "full", [result("R1", n_seeds=5)])
    kept = read_record(tmp_path)
    for mode, said in (
            ("full", "R1 keeps its verdict on 5 seeds, since this one is on "
             "3"), ("quick", "R1 keeps its verdict of the full mode")):
        _, left_out = record(tmp_path, mode, [
            result("R1", n_seeds=3), result("R2", n_seeds=3)])
        assert left_out[0] == said
        assert read_record(tmp_path)[0] == kept[0]
    assert [one["name"] for one in read_record(tmp_path)] == ["R1", "R2"]


def test_two_calls_at_once_lose_no_verdict(tmp_path, monkeypatch):
    """Each reads the file before the other has written it, if it can."""
    both_have_read = Barrier(2)

    def read(benchmark):
        found = read_record(benchmark)
        with suppress(BrokenBarrierError):
            both_have_read.wait(0.2)
        return found

    monkeypatch.setattr(records, "read_record", read)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: record(tmp_path, "full", [result(name)]),
                      ["G1", "G2"]))
    assert [one["name"] for one in read_record(tmp_path)] == ["G1", "G2"]


@pytest.mark.parametrize("text", [
    "[{", '{"a": 1}', '[{"name": "G1"}]', "[1]",
    '[{"name": "G", "title": "", "mode": "full", "verdict": "", "seeds": []}]',
    '[{"name": "G1", "title": "", "mode": "full", "verdict": "holds", '
    '"seeds": [0], "parts": [{"where": ""}]}]'])
def test_a_damaged_record_gets_one_clear_line(tmp_path, text):
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "verdicts.json").write_text(text)
    with pytest.raises(UserError, match="expected verdicts in JSON in .*"
                       "verdicts.json, got .*: restore the file"):
        read_record(tmp_path)


def test_results_without_a_seed_get_one_clear_line(tmp_path, result_file):
    path = tmp_path / "r.parquet"
    df = pd.read_parquet(result_file)
    df.drop(columns="base_seed", errors="ignore").to_parquet(path)
    with pytest.raises(UserError, match="column base_seed, .* got .*r.parq"):
        read_all([path])


def test_an_empty_folder_gives_no_verdict(tmp_path):
    """The command fails, and records nothing."""
    benchmark = shutil.copytree(TINY, tmp_path / "tiny_benchmark")
    message = main(["claims", str(benchmark), "--no-run", "--record",
                    "--output", str(tmp_path / "empty")])
    assert "expected results to judge the claims by" in message
    assert read_record(benchmark) == []
