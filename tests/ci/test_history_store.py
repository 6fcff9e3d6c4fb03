"""The history only grows, survives kills, and is restored from its backup."""
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci import UserError
from ci.tracking import store
from ci.tracking.git import Commit
from ci.tracking.metrics import Record
from ci.tracking.store import COLUMNS, History
from ci.tracking.tables import run_table

ROOT = Path(__file__).parents[2]
WRITER = """
import itertools, sys, uuid
sys.path.insert(0, "tests/ci")
from test_history_store import History, run
history = History(sys.argv[1])
limit = int(sys.argv[2]) or 10**9
for n in range(limit):
    name = uuid.uuid4().hex
    history.add(run(name, 30))
    print(name, flush=True)
"""


def run(name, n=2, commit="c1"):
    records = [Record("D", "O", f"S{k}", "m", float(k)) for k in range(n)]
    return run_table(
        name, "2026-01-02", Commit(commit, "2026-01-01", "Ada", "Add", False),
        "B", "machine", {"cpu": "x"}, {"numpy": "2"}, records)


def write(path, n=0):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, path, str(n)], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, start_new_session=True)


def test_runs_come_back_as_they_went_in(tmp_path):
    history = History(tmp_path / "h.sqlite")
    tables = [run("a"), run("b").assign(value=[np.inf, -0.5])]
    for table in tables:
        assert history.add(table) == 1
        assert history.add(table) == 0  # a run enters once
    back = History(tmp_path / "h.sqlite").table()
    assert list(back) == COLUMNS
    expected = pd.concat(tables, ignore_index=True)[COLUMNS]
    pd.testing.assert_frame_equal(back, expected, check_dtype=False)


def test_it_only_grows(tmp_path):
    history = History(tmp_path / "h.sqlite")
    history.add(run("a"))
    for change in ("DELETE FROM runs", "UPDATE records SET value = 0",
                   "DELETE FROM records", "UPDATE series SET solver = 'x'"):
        with (pytest.raises(sqlite3.IntegrityError, match="only grows"),
              history.connected() as connection):
            connection.execute(change)
    assert len(history.table()) == 2


def test_an_interrupted_run_leaves_nothing(tmp_path, monkeypatch):
    history = History(tmp_path / "h.sqlite")
    with pytest.raises(sqlite3.Error):
        history.add(run("a").assign(value=[1.0, object()]))
    assert history.table().empty


@pytest.mark.parametrize("harm", [
    lambda p: p.write_bytes(b"not a database" * 100),
    lambda p: p.write_bytes(p.read_bytes()[:5000]),
    lambda p: p.write_bytes(b""),
    lambda p: p.unlink(),
])
def test_a_damaged_file_is_restored(tmp_path, harm, capsys):
    path = tmp_path / "h.sqlite"
    history = History(path)
    history.add(run("a", 200))
    harm(path)
    assert len(History(path).table()) == 200
    assert "was damaged" in capsys.readouterr().err
    assert "was damaged" not in capsys.readouterr().err
    harm(path)
    history.backup.write_bytes(b"no database either, at all" * 100)
    with pytest.raises(UserError, match="put an older copy"):
        History(path)


def test_newer_and_foreign_files_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "h.sqlite"
    History(path)
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {store.VERSION + 1}")
    connection.close()
    with pytest.raises(UserError, match="update this program"):
        History(path)
    with pytest.raises(UserError, match="with the columns"):
        History(tmp_path / "other").add(pd.DataFrame({"run": ["a"]}))


def test_a_place_without_files_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "h.sqlite",
                 tmp_path / "file" / "folder" / "h.sqlite"):
        with pytest.raises(UserError, match="name another place with"):
            History(path)


def test_two_writers_lose_nothing(tmp_path):
    path = tmp_path / "h.sqlite"
    writers = [write(path, 8) for _ in range(2)]
    names = {name for w in writers for name in w.communicate()[0].split()}
    assert [w.returncode for w in writers] == [0, 0]
    for file in (path, path.with_name("h.sqlite.backup")):
        assert set(History(file).table()["run"]) == names
    assert len(names) == 16


def test_kill_at_random_moments(tmp_path):
    """Whatever was said to be stored is there; no run is there in part."""
    path, said = tmp_path / "h.sqlite", set()
    moments = random.Random(0)
    for _ in range(4):
        writer = write(path)
        said.add(writer.stdout.readline().strip())
        time.sleep(moments.uniform(0, 0.1))
        os.killpg(writer.pid, signal.SIGKILL)
        said |= {line for line in writer.communicate()[0].split()
                 if len(line) == 32}
        sizes = History(path).table().groupby("run").size()
        assert said <= set(sizes.index)
        assert set(sizes) == {30}


def test_histories_are_merged(tmp_path):
    one, two = History(tmp_path / "1"), History(tmp_path / "2")
    one.add(run("a"))
    two.add(run("a"))
    two.add(run("b", 5))
    assert one.add(two.table()) == 1
    assert one.add(two.table()) == 0
    assert len(one.table()) == 7
