"""The command `suites`: what it runs, in which environments, what it says."""
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ci import UserError
from ci.__main__ import main
from ci.suites.catalogue import every_suite, mathematical_suites
from ci.suites.command import run_portable, sharing, summarise
from ci.suites.portable import ENVIRONMENTS, THREADS, Environment, cpu_flags
from ci.suites.runner import Suite, run_suite, run_suites

ROOT = Path(__file__).parents[2]
BENCHMARKS = sorted(p.parent.name for p in ROOT.glob("*/objective.py"))
BY_NAME = {environment.name: environment for environment in ENVIRONMENTS}


def python(code, name="suite"):
    """A suite that runs this code."""
    return Suite(name, [sys.executable, "-c", code])


def printed_by(code, variables):
    """What a process with these variables prints."""
    return subprocess.run(
        [sys.executable, "-c", code], env=os.environ | variables, check=True,
        capture_output=True, text=True).stdout.strip()


def test_goes_on_after_a_failing_suite_and_names_it(tmp_path, capfd):
    outcomes = run_suites([
        python("raise SystemExit(3)", "bad"), python("", "good"),
        python("print('ERROR test_a.py::test_b - x'); 1 / 0", "broken"),
        python("print('after')", "last")], tmp_path)
    with pytest.raises(UserError, match="2 of 4 that failed: bad; broken$"):
        summarise(outcomes)
    printed, summary = capfd.readouterr().out.split("=== summary\n")
    assert [line for line in printed.splitlines() if "===" in line] == [
        "=== [1/4] bad", "=== [2/4] good", "=== [3/4] broken",
        "=== [4/4] last"]
    assert printed.rstrip().endswith("after")
    assert [line.split(" s  ")[-1] for line in summary.splitlines()] == [
        "failed: exit code 3", "passed", "failed: exit code 1",
        "    ERROR test_a.py::test_b - x", "passed"]


def test_passing_suites_are_no_error(tmp_path, capfd):
    summarise(run_suites([python("", "one"), python("", "two")], tmp_path))
    assert "all 2 suites passed" in capfd.readouterr().out


def test_two_at_a_time(tmp_path, capfd):
    """Each waits for what the other writes; nothing they print is mixed."""
    def waits(own, other):
        return python(
            "import pathlib, sys, time, os; print('begins'); "
            f"pathlib.Path('{own}').touch(); end = time.time() + 60\n"
            f"while not pathlib.Path('{other}').exists():\n"
            "    time.sleep(0.01); assert time.time() < end\n"
            "print('threads', os.environ['OMP_NUM_THREADS'])", own)

    suites = sharing([waits("a", "b"), waits("b", "a"), python("1 / 0")], 2)
    outcomes = run_suites(suites, tmp_path, 2)
    assert [(o.name, o.said) for o in outcomes] == [
        ("a", "passed"), ("b", "passed"), ("suite", "failed: exit code 1")]
    share = max((os.cpu_count() or 1) // 2, 1)
    printed = capfd.readouterr().out
    for heading in ("[1/3] a", "[2/3] b"):
        assert f"=== {heading}\nbegins\nthreads {share}\n" in printed


def test_the_shell_sees_a_failure(tmp_path):
    """make goes by the exit code of the command."""
    for name, body in (("bad", "1 / 0"), ("good", "pass")):
        (tmp_path / f"test_{name}.py").write_text(
            f"def test_{name}():\n    {body}\n")
    done = subprocess.run(
        [sys.executable, "-m", "ci", "suites", "--tests",
         tmp_path / "test_bad.py", tmp_path / "test_good.py"],
        cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "error: expected every suite to pass, got 1 of 2" in done.stderr
    summary = done.stdout.split("=== summary\n")[1].splitlines()
    assert re.fullmatch(r" +FAILED .*test_bad.py::test_bad.*", summary[1])
    assert summary[2].endswith("passed")


@pytest.mark.parametrize(("code", "said"), [
    ("", "passed"),
    ("raise SystemExit(3)", "failed: exit code 3"),
    (f"import os; os.kill(os.getpid(), {signal.SIGILL:d})",
     "failed: ended by SIGILL"),
])
def test_how_a_suite_ended(code, said, tmp_path):
    assert run_suite(python(code), tmp_path).said == said


def test_programs_of_this_environment_come_first(tmp_path, capfd):
    """Tests that start `benchopt` start the one beside this Python."""
    run_suite(python("import os; print(os.environ['PATH'])"), tmp_path)
    first = capfd.readouterr().out.split(os.pathsep)[0]
    assert Path(first) == Path(sys.executable).parent


def test_every_suite_is_found():
    names = [suite.name for suite in every_suite(ROOT)]
    assert BENCHMARKS
    assert {"tests", "tests/ci", "tests/unrolling"} < set(names)
    for name in BENCHMARKS:
        assert {f"{name}/tests", f"benchopt test {name}"} <= set(names)
        assert (f"ci claims {name}" in names) == (
            ROOT / name / "claims").is_dir()
    assert {suite.name for suite in mathematical_suites(ROOT)} == {
        "tests/unrolling", *(f"{name}/tests" for name in BENCHMARKS)}


def test_a_new_benchmark_is_found(tmp_path):
    (tmp_path / "benchmark_new" / "claims").mkdir(parents=True)
    (tmp_path / "benchmark_new" / "objective.py").touch()
    (tmp_path / "benchmark_notes").mkdir()
    assert [suite.name for suite in every_suite(tmp_path)] == [
        "ci claims benchmark_new", "benchmark_new/tests",
        "benchopt test benchmark_new"]


def test_every_file_of_the_tests_of_the_whole_is_run_once(tmp_path):
    """Also in a new folder; folders of data are none."""
    for name in ("test_a.py", "sub/test_b.py", "sub/test_c.py", "data/d.py"):
        (tmp_path / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tests" / name).touch()
    assert {suite.name: [a for a in suite.command if a.endswith(".py")]
            for suite in every_suite(tmp_path)} == {
        "tests/sub": ["tests/sub/test_b.py", "tests/sub/test_c.py"],
        "tests": ["tests/test_a.py"]}
    whole = {str(f.relative_to(ROOT)) for f in ROOT.glob("tests/**/test_*.py")}
    assert whole == {argument for suite in every_suite(ROOT)
                     for argument in suite.command
                     if argument.startswith("tests/")}


def test_environments_that_fail_are_named(capfd):
    environments = [
        Environment("bad", {"BAD": "1"}), Environment("good", {}),
        Environment("other", {"BAD": "1"}, frozenset({"avx1024"}))]
    suite = python("import os; raise SystemExit('BAD' in os.environ)")
    with pytest.raises(UserError, match="1 of 2 that failed: bad: suite$"):
        run_portable(environments, [suite])
    printed = capfd.readouterr().out
    assert "other: skipped, this CPU lacks avx1024" in printed
    run_portable(environments[1:], [suite])


def test_nothing_run_is_an_error():
    """A run in which every environment was skipped shows nothing."""
    other = Environment("other", {}, frozenset({"avx1024"}))
    with pytest.raises(UserError, match="expected a suite to run, got none"):
        run_portable([other], [python("")])


def test_bad_arguments_get_one_clear_line():
    assert "threads-4" in main(["suites", "--environment", "threads-3"])
    message = main(["suites", "--tests", "tests/nowhere"])
    assert "expected files or folders of tests, got ['tests/nowhere']" in (
        message)


def test_flags_of_the_cpu(tmp_path):
    file = tmp_path / "cpuinfo"
    file.write_text("processor\t: 0\nflags\t\t: fpu avx2 fma\nbugs\t: x\n")
    assert cpu_flags(file) == {"fpu", "avx2", "fma"}
    assert cpu_flags(tmp_path / "nowhere") == set()
    skylake, haswell = (BY_NAME[f"openblas-{core}"]
                        for core in ("skylakex", "haswell"))
    assert "avx512f" in skylake.missing(cpu_flags(file))
    assert haswell.missing(cpu_flags(file)) == ""


def test_environments_change_what_computes():
    """A variable that a library ignores would imitate nothing."""
    core = ("import numpy, threadpoolctl; print(*(i['architecture'] "
            "for i in threadpoolctl.threadpool_info()))")
    flags = cpu_flags()
    for name, cores in (("nehalem", {"Nehalem"}), ("haswell", {"Haswell"}),
                        ("zen", {"Haswell", "Zen"}),
                        ("skylakex", {"SkylakeX"})):
        environment = BY_NAME[f"openblas-{name}"]
        if not environment.missing(flags):
            assert printed_by(core, environment.variables) in cores
    generic = printed_by(
        "from numba.core import config; "
        "print(config.CPU_NAME, config.CPU_FEATURES == '')",
        BY_NAME["numba-generic"].variables)
    assert generic == "generic True"
    one = printed_by(
        "import numpy, threadpoolctl, joblib; print(joblib.cpu_count(), "
        "*(i['num_threads'] for i in threadpoolctl.threadpool_info()))",
        BY_NAME["threads-1"].variables)
    assert set(one.split()) == {"1"}
    assert set(BY_NAME["threads-4"].variables) == set(THREADS)


def test_compiled_functions_of_another_cpu_are_kept_apart(tmp_path):
    [suite] = BY_NAME["numba-generic"].suites([python("")], tmp_path)
    assert Path(suite.variables["NUMBA_CACHE_DIR"]).parent == tmp_path
    [suite] = BY_NAME["threads-1"].suites([python("")], tmp_path)
    assert "NUMBA_CACHE_DIR" not in suite.variables
