"""What `claims --record` keeps, and what is said of it when it is read."""
import shutil
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from ci.__main__ import main
from ci.claims.page import Result
from ci.claims.parts import HOLDS, Effect, Part
from ci.claims.record import read_record, record
from ci.claims.verdict import NOT_RUN, Verdict

TINY = Path(__file__).with_name("tiny_benchmark")
PART = Part("there", "a / b", Effect(2.0, 1.5, 3.0))


def result(name, verdict):
    """A result of the command, as far as the record reads it."""
    claim = SimpleNamespace(name=name, title="", sentence="", source="")
    return Result(claim, verdict, pd.DataFrame({"base_seed": [0]}), [])


def test_what_was_not_run_leaves_the_record_as_it_was(tmp_path):
    """In the full mode, too: a solver that fails costs no verdict."""
    record(tmp_path, "full", [result("G1", Verdict(HOLDS, "", [PART]))])
    kept = read_record(tmp_path)
    record(tmp_path, "full", [result(name, Verdict(NOT_RUN, "a disk", []))
                              for name in ("G1", "G2")])
    assert read_record(tmp_path) == kept
    assert kept[0]["verdict"] == HOLDS


def test_an_empty_folder_gives_no_verdict(tmp_path):
    """The command fails, and records nothing."""
    benchmark = shutil.copytree(TINY, tmp_path / "tiny_benchmark")
    message = main(["claims", str(benchmark), "--no-run", "--record",
                    "--output", str(tmp_path / "empty")])
    assert "expected results to judge the claims by" in message
    assert read_record(benchmark) == []
