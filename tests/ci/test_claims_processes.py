"""The command `claims` killed, twice at once, and with calls at a time."""
import os
import shutil
import signal
import time

import pandas as pd

FEWEST = "--seeds", "0", "1", "2"


def test_a_killed_call_goes_on_where_it_stopped(benchmark, start_claims):
    shutil.rmtree(benchmark / "outputs")
    shutil.rmtree(benchmark / "__cache__")
    output = benchmark / "outputs" / "claims_quick"
    process = start_claims(benchmark, *FEWEST)
    deadline = time.monotonic() + 60
    while not list(output.glob("*.parquet")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    [done] = output.glob("*_seed0.log")
    assert "(cached)" not in done.read_text()
    times = pd.read_parquet(done.with_suffix(".parquet"))["time"].tolist()
    process = start_claims(benchmark, *FEWEST)
    assert "G1  holds" in process.communicate()[0]
    assert done.read_text().count("(cached)") == 3
    assert pd.read_parquet(
        done.with_suffix(".parquet"))["time"].tolist() == times


def test_two_calls_at_once(benchmark, start_claims):
    shutil.rmtree(benchmark / "outputs")
    processes = [start_claims(benchmark, *FEWEST) for _ in range(2)]
    printed = [process.communicate()[0] for process in processes]
    assert [p.returncode for p in processes] == [0, 0], printed
    assert printed[0] == printed[1]
    output = benchmark / "outputs" / "claims_quick"
    names = {path.name for path in output.iterdir()}
    assert len(names) == 7
    assert not any(name.startswith(".") for name in names)


def test_calls_at_a_time_give_the_same_verdicts(
        judged, benchmark, start_claims):
    process = start_claims(benchmark, "--jobs", "2")
    lines = process.communicate()[0].splitlines()
    assert sorted(lines[:5]) == judged[1].splitlines()[:5]
    assert lines[5:-1] == judged[1].splitlines()[5:-1]
