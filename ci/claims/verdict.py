"""The verdict on a claim: computed from its parts, or why it was not run."""

import re
from itertools import product
from typing import NamedTuple

import numpy as np

from ci.claims.claim import Missing, matches, selected, where
from ci.claims.parts import (
    FAILS,
    HOLDS,
    SOURCE,
    THEOREM,
    TIE,
    UNDECIDED,
)

PROVEN, IN_PART, NOT_RUN = "holds (theorem)", "holds in part", "not run"
VERDICTS = PROVEN, HOLDS, IN_PART, TIE, UNDECIDED, FAILS, NOT_RUN
RUN = ["solver_name", "dataset_name", "objective_name", "base_seed"]
"""The columns that say what ran."""


class Verdict(NamedTuple):
    """What the parts of a claim say together."""

    verdict: str
    reason: str
    parts: list
    """of Part: those that fail first, then the undecided, ties, the rest."""


def together(parts):
    """Join the verdicts of the parts.

    Parameters
    ----------
    parts : list of Part. Those of the source's regime decide; where a claim
        has none, since nobody published a set-up, its others do.

    Returns
    -------
    str, one of VERDICTS
    """
    deciding = [p for p in parts if p.regime == SOURCE] or parts
    said = {part.verdict for part in deciding}
    if said == {HOLDS}:
        proven = all(part.bar == THEOREM for part in deciding)
        return PROVEN if proven else HOLDS
    if HOLDS in said:
        return IN_PART
    return next(v for v in (FAILS, UNDECIDED, TIE) if v in said)


def judge(claim, df, seeds=None, logs=None):
    """Judge a claim by the results of all seeds.

    Parameters
    ----------
    claim : Claim
    df : DataFrame, the claim's rows, see `own_rows`
    seeds : list of int, or None for those that each run asks for
    logs : dict of int to str, what benchopt printed for each seed, where the
        reason is looked up for a solver that left no results

    Returns
    -------
    Verdict
    """
    seed = None
    ran = df[[*RUN, "stop_val"]].drop_duplicates(RUN)
    try:
        for run in claim.runs:
            for seed in range(run.n_seeds) if seeds is None else seeds:
                rows = ran[ran["base_seed"] == seed]
                for selection in product(run.solver, run.dataset,
                                         run.objective):
                    where(rows, *selection)
        parts = claim.module.check(df)
    except Missing as missing:
        names = [name for run in claim.runs
                 for name in (*run.solver, *run.objective)]
        why = explain((logs or {}).get(seed, ""), names)
        return Verdict(
            NOT_RUN, f"seed {seed}: {missing}{why and f' ({why})'}", [])
    order = [FAILS, UNDECIDED, TIE, HOLDS]
    parts = sorted(parts, key=lambda p: (
        p.regime != SOURCE, order.index(p.verdict), p.bar == THEOREM))
    return Verdict(together(parts), "", parts)


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


def own_rows(claim, df, seeds=None):
    """Select the rows that a claim asked for, each once.

    Parameters
    ----------
    claim : Claim
    df : DataFrame, the results of all claims
    seeds : list of int, or None for those that each run asks for

    Returns
    -------
    DataFrame
    """
    asked = np.zeros(len(df), dtype=bool)
    for run in claim.runs:
        own = range(run.n_seeds) if seeds is None else seeds
        asked |= (selected(df["solver_name"], run.solver)
                  & selected(df["dataset_name"], run.dataset)
                  & selected(df["objective_name"], run.objective)
                  & df["base_seed"].isin(own).to_numpy(dtype=bool))
    return df[asked]
