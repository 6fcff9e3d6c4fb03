"""The verdict on a claim: its check on each seed, or why it was not run."""

import re
from itertools import product
from typing import NamedTuple

import numpy as np

from ci.claims.claim import Missing, matches, selected, where

HOLDS, FAILS, NOT_RUN = "holds", "does not hold", "not run"


class Verdict(NamedTuple):
    """What all seeds say together."""

    verdict: str
    reason: str
    checks: dict
    """seed -> Check"""


def judge(claim, df, seeds, logs=None):
    """Judge a claim by the results of each seed.

    Parameters
    ----------
    claim : Claim
    df : DataFrame, the claim's rows, see `own_rows`
    seeds : list of int
    logs : dict of int to str, what benchopt printed for each seed, where the
        reason is looked up for a solver that left no results

    Returns
    -------
    Verdict
    """
    checks = {}
    for seed in seeds:
        try:
            rows = df[df["base_seed"] == seed]
            for run in claim.runs:
                for selection in product(run.solver, run.dataset,
                                         run.objective):
                    where(rows, *selection)
            checks[seed] = claim.module.check(rows)
        except Missing as missing:
            names = [name for run in claim.runs
                     for name in (*run.solver, *run.objective)]
            why = explain((logs or {}).get(seed, ""), names)
            return Verdict(
                NOT_RUN, f"seed {seed}: {missing}{why and f' ({why})'}", {})
    verdict = HOLDS if all(c.holds for c in checks.values()) else FAILS
    return Verdict(verdict, "", checks)


def explain(log, selectors):
    """Find out why a solver or an objective has no results.

    Parameters
    ----------
    log : str, what benchopt printed, see `ci.claims.jobs.plain`
    selectors : list of str, the solvers and objectives in question

    Returns
    -------
    str, in benchopt's words; empty if it said nothing about them.
    """
    said = ""
    for line in log.splitlines():
        status = re.fullmatch(
            r" *\|--(.+): (error|skip|not installed|diverged) *", line)
        if re.match(r"(\w+\.)*\w*(Error|Exception|Interrupt)\b", line):
            said = line.strip()
        elif status and any(matches(status[1], s) for s in selectors):
            if status[2] == "error":
                return said
            _, _, after = log.partition(line)
            reason = re.match(r"\s*Reason: (.*)", after)
            return f"{status[2]}: {reason[1].strip()}" if reason else (
                status[2])
        elif "|--" in line:
            said = ""
    return said


def own_rows(claim, df):
    """Select the rows that a claim asked for, each once."""
    asked = np.zeros(len(df), dtype=bool)
    for run in claim.runs:
        asked |= (selected(df["solver_name"], run.solver)
                  & selected(df["dataset_name"], run.dataset)
                  & selected(df["objective_name"], run.objective))
    return df[asked]
