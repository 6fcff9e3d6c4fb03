"""Changes of a series: what is one, what is none, and what is said."""
import importlib.util

import numpy as np
import pytest

from ci.__main__ import main
from ci.tracking.git import Commit
from ci.tracking.metrics import Record
from ci.tracking.series import upgrades
from ci.tracking.steps import find_steps
from ci.tracking.store import History
from ci.tracking.tables import run_table

needs_asv = pytest.mark.skipif(
    not importlib.util.find_spec("asv"), reason="needs pip install asv")


@needs_asv
def test_steps_are_found_and_noise_is_none():
    rng = np.random.default_rng(1)
    noise = np.exp(0.1 * rng.standard_normal(200))
    assert find_steps(noise) == []
    noise[120:] *= 1.4
    noise[[5, 60, 130]] = np.nan, np.inf, 0
    [step] = find_steps(noise)
    assert abs(step.position - 120) <= 2
    assert step.ratio == pytest.approx(1.4, rel=0.1)
    assert find_steps([3.0] * 10) == []
    [step] = find_steps([3.0] * 10 + [3.3] * 10)
    assert (step.position, step.ratio) == (10, pytest.approx(1.1))
    assert find_steps([np.nan] * 5) == find_steps([1.0]) == []


@needs_asv
@pytest.mark.parametrize(("before", "after", "ratio"), [
    (100, np.inf, np.inf), (np.inf, 100, 0), (3, 0, 0), (0, 3, np.inf),
    (0, np.inf, np.inf)])
def test_to_become_infinite_or_zero_is_a_step(before, after, ratio):
    """Of commits that last, or of the last one."""
    for n in (10, 1):
        [step] = find_steps([before] * 10 + [after] * n)
        assert step[:3] == pytest.approx((10, before, after))
        assert step.ratio == ratio
    one, two = find_steps([100] * 5 + [120] * 5 + [np.nan, np.inf, np.inf])
    assert (one.position, one.ratio) == (5, pytest.approx(1.2))
    assert (two.position, two.ratio) == (11, np.inf)
    assert find_steps([np.inf] * 10) == find_steps([100, np.inf] * 20) == []


def of_values(metric, values, path, torch=()):
    """A history of one series; from some runs on, torch is another."""
    history = History(path)
    for k, value in enumerate(values):
        minor = sum(k >= first for first in torch)
        history.add(run_table(
            f"run{k}", "2026-06-01",
            Commit(f"{k:040x}", f"2026-01-{1 + k:02}", "Ada", "", False), "B",
            "m1", {}, {"numpy": "2.3", "torch": f"2.{minor}"},
            [Record("D", "O", "S", metric, value)]))
    return history


@needs_asv
def test_what_was_reached_no_more_is_printed_and_rounding_is_not(
        tmp_path, capsys, open_report):
    for n, (metric, values, said) in enumerate([
        ("seconds to 1e-06", [100] * 10 + [np.inf] * 10,
         "2026-01-11 0000000000 Ada: x inf (100 to inf) B"),
        ("final excess", [2e-17] * 10 + [4e-17] * 10, ""),
        ("final excess", [2e-17] * 10 + [1e-3] * 10, "x 1e+06"),
    ]):
        path = tmp_path / f"{n}.sqlite"
        of_values(metric, values, path)
        assert main(["history", "--history", str(path)]) == 0
        *lines, last = capsys.readouterr().out.splitlines()
        assert len(lines) == bool(said)
        assert said in "".join(lines)
    page = open_report(tmp_path / "0.html")
    assert page.locator("#series tbody td").nth(3).inner_text() == "∞"
    assert "x ∞ (100 to ∞)" in page.locator("#changes").inner_text()


def test_small_and_large_numbers_are_written_alike(tmp_path, open_report):
    """On the log axis as powers of ten, not as 1µ, 10n, and 10^-16."""
    path = tmp_path / "h.sqlite"
    of_values("final value", 10.0 ** np.linspace(-16, -5, 12), path)
    assert main(["history", "--history", str(path)]) == 0
    page = open_report(tmp_path / "h.html")
    labels = page.locator("#chart .ytick").all_text_contents()
    assert len(labels) > 3
    assert all(label.startswith("10") for label in labels)
    short = page.evaluate("[2.5e11, -1e6, 12345.6, 0, 0.25, 3e-5].map(short)")
    assert short == ["2.5e+11", "-1e+6", "12350", "0", "0.25", "3e-5"]


def test_what_is_no_number_is_said_so(tmp_path, open_report):
    path = tmp_path / "h.sqlite"
    of_values("final value", [1.0, 2.0, np.nan], path)
    assert main(["history", "--history", str(path)]) == 0
    page = open_report(tmp_path / "h.html")
    latest = page.locator("#series tbody td").nth(3)
    assert latest.inner_text() == "no number"


@needs_asv
@pytest.mark.parametrize(("torch", "said"), [
    ((10,), "; also changed: torch 2.0 -> 2.1"), ((5, 15), ""), ((), ""),
    # two commits before are without a number
    ((8, 9), "; also changed: torch 2.0 -> 2.2")])
def test_versions_that_changed_at_a_step_are_said(
        torch, said, tmp_path, capsys, open_report):
    """They may be its cause, and not the commit."""
    values = np.repeat([1.0, 1.5], 10)
    if 8 in torch:
        values[8:10] = np.nan
    of_values("final value", values, tmp_path / "h.sqlite", torch)
    assert main(["history", "--history", str(tmp_path / "h.sqlite")]) == 0
    line, _ = capsys.readouterr().out.splitlines()
    assert line.endswith(f"B | D | O | S | final value{said}")
    page = open_report(tmp_path / "h.html")
    [row] = page.locator("#changes tbody tr").all()
    assert row.locator("td").nth(1).inner_text() == f"Ada{said}"


def test_a_commit_may_be_measured_with_several_versions():
    before, after = {"torch": {"2.12", "2.13"}, "numpy": {"2.3"}}, {
        "torch": {"2.13"}, "numpy": {"2.3"}, "blas": {"MKL"}}
    assert upgrades(before, after) == "torch 2.12 and 2.13 -> 2.13"
    assert upgrades(after, after) == ""
