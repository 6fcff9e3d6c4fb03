"""Calls in processes that are forked, each as if it were a new Python."""
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from ci import UserError
from ci.calls import call

ROOT = Path(__file__).parents[2]


def module(folder, name, code):
    """Write a module that `python -m` finds, from the working directory."""
    (folder / f"{name}.py").write_text(code)


def test_a_call_is_a_python_of_its_own(tmp_path, monkeypatch):
    """It has its arguments, variables and folder, and leaves nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("GIVEN", "before")
    module(tmp_path, "called", (
        "import os, sys\n"
        "print(sys.argv[1:], os.environ['GIVEN'], os.environ['ASKED'])\n"
        "print(os.getcwd(), hasattr(sys, 'mark'), file=sys.stderr)\n"
        "sys.mark = os.environ['GIVEN'] = 'after'\n"))
    for ask in ("1", "2"):
        ended = call("called", ["a", "b"], {"ASKED": ask})
        assert ended.exit_code == 0
        assert ended.printed.decode().splitlines() == [
            f"['a', 'b'] before {ask}", f"{tmp_path} False"]
    module(tmp_path, "called", "print('edited')")
    assert call("called", [], {}).printed == b"edited\n"
    assert "ASKED" not in os.environ


def test_what_a_call_ends_with_stays_its_own(tmp_path, monkeypatch, capfd):
    """An error is printed; a signal or a code ends it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    module(tmp_path, "fails", "print('so far')\n1 / 0")
    ended = call("fails", [], {})
    assert ended.exit_code == 1
    assert ended.printed.startswith(b"so far\n")
    assert b"ZeroDivisionError" in ended.printed
    module(tmp_path, "killed", (
        "import os\nprint('now', flush=True)\n"
        f"os.kill(os.getpid(), {signal.SIGKILL:d})\n"))
    assert call("killed", [], {})[:2] == (b"now\n", -signal.SIGKILL)
    module(tmp_path, "kills", (  # the process that it was forked from
        "import os\n"
        f"os.kill(os.getppid(), {signal.SIGKILL:d})"))
    with pytest.raises(UserError, match="was it killed for memory"):
        call("kills", [], {})
    module(tmp_path, "ends", "raise SystemExit(3)")
    assert call("ends", [], {})[:2] == (b"", 3)
    assert capfd.readouterr() == ("", "")


def test_the_folder_of_a_call_comes_first(tmp_path, monkeypatch):
    """Each of two folders has its own module of that name, and the memory of
    a call, 256 MiB more, is its own."""
    monkeypatch.chdir(tmp_path)
    for name, size in (("one", 2**20), ("two", 2**28)):
        (tmp_path / name).mkdir()
        module(tmp_path / name, "same", (
            f"import os\nb = b'1' * {size}\n"
            f"print('{name}', os.getcwd())"))
    ended = [call("same", [], {}, tmp_path / name) for name in ("one", "two")]
    assert [e.printed.decode() for e in ended] == [
        f"{name} {tmp_path / name}\n" for name in ("one", "two")]
    assert ended[0].peak_mib + 150 < ended[1].peak_mib


def test_a_call_ends_with_the_command_that_made_it(tmp_path, wait_for):
    """Also where that is killed, and can clean up nothing."""
    module(tmp_path, "sleeps", (
        "import os, pathlib, time\n"
        "pathlib.Path('pid').write_text(f'{os.getpid()}\\n')\n"
        "time.sleep(600)\n"))
    command = subprocess.Popen([
        sys.executable, "-c", "from pathlib import Path\n"
        "from ci.calls import call\n"
        f"call('sleeps', [], {{}}, Path({str(tmp_path)!r}))"], cwd=ROOT)
    pid = tmp_path / "pid"
    try:
        wait_for(lambda: pid.exists() and pid.read_text().endswith("\n"),
                 tmp_path, seconds=300)
        called = psutil.Process(int(pid.read_text()))
    finally:
        command.kill()
        command.wait()
    called.wait(timeout=300)
