"""Claims whose own file is at fault cost no other claim its verdict."""
import re
from types import SimpleNamespace

import pytest

from ci import UserError
from ci.claims.complaints import complain
from ci.claims.figure import Figure
from ci.claims.page import Result
from ci.claims.parts import HOLDS
from ci.claims.record import read_record
from ci.claims.verdict import NOT_RUN, Verdict


def replaced(benchmark, old, new):
    """Change the check or the figure of the claim G1."""
    file = benchmark / "claims" / "g01_bigger_steps.py"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize(("check", "reason"), [
    ("return df['x']\n", "its check ended with KeyError: 'x'"),
    ("return []\n",
     "its check ended with ValueError: expected a list of Part, at least "
     "one, got []")])
def test_a_check_with_an_error_costs_its_own_verdict_only(
        benchmark, capsys, run_claims, check, reason):
    """The others are judged, shown and recorded."""
    replaced(benchmark, "    big, small = (", f"    {check}    big, small = (")
    message = run_claims(benchmark, "--no-run", "--record")
    assert f"G1: {reason}" in message
    printed, errors = capsys.readouterr()
    assert re.search(f"G1 +not run .*\n +{re.escape(reason)}\n", printed)
    assert "G2  does not hold" in printed
    assert "Traceback" in errors
    assert [one["name"] for one in read_record(benchmark)] == ["G2"]
    page = (benchmark / "outputs/claims_quick/claims.html").read_text()
    assert "its check ended with" in page
    assert 'id="panel0"' in page


@pytest.mark.parametrize(("figure", "reason"), [
    ("raise Missing('no curve')", "no curve"),
    ("return df['x']", "its figure ended with KeyError: 'x'"),
    ("return [None]", "its figure ended with AttributeError: ")])
def test_a_figure_with_an_error_leaves_its_section_without(
        benchmark, capsys, run_claims, figure, reason):
    """All verdicts are recorded, and the other figures are drawn."""
    replaced(benchmark, "def figure(df):\n",
             f"def figure(df):\n    {figure}\n")
    replaced(benchmark, "import Panel", "import Missing, Panel")
    message = run_claims(benchmark, "--no-run", "--record")
    assert f"G1: {reason}" in message
    assert [one["name"] for one in read_record(benchmark)] == ["G1", "G2"]
    page = (benchmark / "outputs/claims_quick/claims.html").read_text()
    assert "There is no figure: " in page
    first, second = page.split("<section ")[1:]
    assert 'class="plot"' not in first
    assert 'id="panel0"' in second


def test_every_run_and_every_file_that_failed_is_named(tmp_path):
    """Runs without results are no fault of the claim's file."""
    results = [
        Result(SimpleNamespace(name=name), Verdict(*verdict), None, [])
        for name, verdict in (
            ("G1", (NOT_RUN, "KeyError", [], True)),
            ("G2", (NOT_RUN, "no GPU", [])), ("G3", (HOLDS, "", [])))]
    figures = [Figure([]), Figure([]), Figure([], "no curve")]
    with pytest.raises(UserError, match=(
            "to end, got G1: KeyError, G3: no curve: .*"
            "every run to end, got none for G2: ")):
        complain(results, figures, tmp_path, no_run=False)
    with pytest.raises(UserError, match="G1: KeyError: mend the files"):
        complain(results[:1], figures[:1], tmp_path, no_run=True)
    complain(results[1:], figures[:2], tmp_path, no_run=True)
