"""The files that a comparison leaves."""

import os

from ci.files import write_whole
from ci.tracking.texts import action_json, junit, terminal_table


def write_all(folder, decisions, failed):
    """Write the files of a comparison, besides the numbers and the report.

    Parameters
    ----------
    folder : Path
    decisions, failed : list of Decision
    """
    write_whole(folder / "changes.txt",
                terminal_table(decisions).encode("utf-8"))
    write_whole(folder / "junit.xml", junit(decisions, failed))
    write_whole(folder / "benchmark.json",
                action_json(decisions).encode("utf-8"))


def write_report(folder, report):
    """Write the report, Markdown, as a file and for GitHub's summary."""
    write_whole(folder / "report.md", report.encode("utf-8"))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(summary, "a", encoding="utf-8") as file:
            file.write(report)
