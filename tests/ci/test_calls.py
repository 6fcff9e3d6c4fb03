"""Calls in processes that are forked, each as if it were a new Python."""
import os
import signal
import time

from ci.claims.calls import call


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
        printed = call("called", ["a", "b"], {"ASKED": ask}).decode()
        assert printed.splitlines() == [
            f"['a', 'b'] before {ask}", f"{tmp_path} False"]
    module(tmp_path, "called", "print('edited')")
    assert call("called", [], {}) == b"edited\n"
    assert "ASKED" not in os.environ


def test_what_a_call_ends_with_stays_its_own(tmp_path, monkeypatch, capfd):
    """An error is printed, a signal ends it, its children may go on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    module(tmp_path, "fails", "print('so far')\n1 / 0")
    printed = call("fails", [], {}).decode()
    assert printed.startswith("so far\n") or "so far\n" in printed
    assert "ZeroDivisionError" in printed
    module(tmp_path, "killed", (
        "import os, time\nprint('now', flush=True)\n"
        f"os.kill(os.getpid(), {signal.SIGKILL:d})\n"))
    started = time.monotonic()
    assert call("killed", [], {}) == b"now\n"
    module(tmp_path, "ends", "raise SystemExit(3)")
    assert call("ends", [], {}) == b""
    assert time.monotonic() - started < 60
    assert capfd.readouterr() == ("", "")
