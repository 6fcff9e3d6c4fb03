"""What benchopt prints while it runs: which runs left no results, and why."""

import re
from typing import NamedTuple

SKIP = "skip"
ENTRY = re.compile(
    r"(?P<indent>|  \|--|    \|--)(?P<name>\S.*?):? +"
    r"(?P<status>error|diverged|not installed|interrupted|skip) *")
"""A line on what has no results: a data set, an objective or a solver."""
ERROR = re.compile(r"(\w+\.)*\w*(Error|Exception|Interrupt)\b")
"""How the last line of a traceback begins."""


class Ending(NamedTuple):
    """What left no results."""

    name: str
    """That of a solver, or of a whole objective or data set."""
    dataset: str
    """That of a solver or of an objective; "" of a data set itself, and where
    benchopt printed none."""
    objective: str
    """That of a solver, else ""."""
    status: str
    """One of error, diverged, not installed, interrupted, skip."""
    reason: str
    """The last error that was printed before, or why it was skipped; "" if
    benchopt did not say."""

    @property
    def where(self):
        """The data set and the objective of a solver, else ""."""
        return f"{self.dataset}, {self.objective}" if self.objective else ""

    @property
    def said(self):
        """The status, with the reason where there is one."""
        return f"{self.status}: {self.reason}" if self.reason else self.status


def plain(text):
    """Return a terminal's output without colours and overwritten lines."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return "\n".join(line.rsplit("\r", 1)[-1].rstrip()
                     for line in text.split("\n"))


def endings(log):
    """List what left no results.

    benchopt prints a line for each data set, below it one for each objective
    ("  |--O"), and below that one for each solver ("    |--S: status"). The
    reason to skip is on the next line, an error is on those before.

    Parameters
    ----------
    log : str, see `plain`

    Returns
    -------
    list of Ending
    """
    found, dataset, objective, error = [], "", "", ""
    lines = ["", *log.splitlines(), ""]
    for before, line, after in zip(
            lines, lines[1:], lines[2:], strict=False):
        entry = ENTRY.fullmatch(line)
        if line.startswith("  |--") and re.match(r"\S", before) and (
                not ERROR.match(before)):
            dataset = before
        if ERROR.match(line):
            error = line.strip()
        elif entry and (entry["indent"] or entry["status"] == "not installed"):
            told = re.match(r"\s*Reason: (.*)", after)
            reason = told[1].strip() if told else (
                error if entry["status"] == "error" else "")
            found.append(Ending(
                entry["name"], dataset * bool(entry["indent"]),
                objective * entry["indent"].startswith("    "),
                entry["status"], reason))
        elif line.startswith("  |--"):
            objective = line[5:].strip()
        if "|--" in line:
            error = ""
    return found


def last_error(log):
    """Find the error that ended the whole run.

    Parameters
    ----------
    log : str, see `plain`

    Returns
    -------
    str, the last error after the last line on a solver; "" if there is none.
    """
    *_, after = re.split(r"^.*\|--.*$", log, flags=re.MULTILINE)
    found = [line.strip() for line in after.splitlines() if ERROR.match(line)]
    return found[-1] if found else ""
