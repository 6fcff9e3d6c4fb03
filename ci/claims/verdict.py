"""The verdict on a claim: computed from its parts, or why it was not run."""

from itertools import product
from typing import NamedTuple

import numpy as np

from ci.claims.claim import Missing, blamed, matches, selected, where
from ci.claims.parts import (
    EXTENDED,
    FAILS,
    HOLDS,
    THEOREM,
    TIE,
    UNDECIDED,
    Part,
)
from ci.printed import endings, last_error

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

    broken: bool = False
    """Whether it was not run since its check ended with an error."""


def in_regime(parts):
    """Select the parts of the source's regime, or of what stands in for it;
    where a claim has none, its others.

    Parameters
    ----------
    parts : list of Part

    Returns
    -------
    list of Part
    """
    return [part for part in parts if part.regime != EXTENDED] or parts


def deciders(parts):
    """Select the parts that decide: those of `in_regime` but for theorems,
    which say nothing about a claim that is more than they are; where all are
    theorems, these.

    Parameters
    ----------
    parts : list of Part

    Returns
    -------
    list of Part
    """
    own = in_regime(parts)
    return [part for part in own if part.bar != THEOREM] or own


def at_once(parts):
    """Judge the parts that decide at once, unless each of them holds alone.

    A claim holds if all its parts do: that each was tested alone makes this no
    likelier to be said by chance. Of many parts some hold or fail by chance:
    where not all hold, their intervals are widened for their number. Theorems
    beside them are counted, too, which makes intervals no narrower.

    Parameters
    ----------
    parts : list of Part

    Returns
    -------
    list of Part
    """
    deciding = deciders(parts)
    if all(part.verdict == HOLDS for part in deciding):
        return parts
    n_effects = len(in_regime(parts))
    return [part._replace(effect=part.effect.among(n_effects))
            if part in deciding else part for part in parts]


def together(parts):
    """Join the verdicts of the parts that decide: a theorem beside them adds
    nothing, but a claim does not hold as a whole where it was not seen.

    Parameters
    ----------
    parts : list of Part, see `at_once`

    Returns
    -------
    str, one of VERDICTS; FAILS wherever a theorem does.
    """
    if any(p.verdict == FAILS for p in parts if p.bar == THEOREM):
        return FAILS
    deciding = deciders(parts)
    said = {part.verdict for part in deciding}
    seen = all(p.verdict == HOLDS for p in parts if p.bar == THEOREM)
    if said == {HOLDS} and seen:
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
    lacking = first_missing(claim, df, seeds, logs or {})
    if lacking:
        return Verdict(NOT_RUN, lacking, [])
    try:
        parts = ordered(at_once(checked(claim.module.check(df))))
    except Missing as missing:
        return Verdict(NOT_RUN, str(missing), [])
    except Exception as error:
        return Verdict(NOT_RUN, blamed("check", error), [], broken=True)
    return Verdict(together(parts), "", parts)


def checked(parts):
    """Return what a check returned; ValueError unless it is a list of Part."""
    if not parts or not all(isinstance(part, Part) for part in parts):
        raise ValueError(
            f"expected a list of Part, at least one, got {parts!r:.100}")
    return parts


def ordered(parts):
    """Sort parts as Verdict.parts are, those of the extended regime last."""
    order = [FAILS, UNDECIDED, TIE, HOLDS]
    return sorted(parts, key=lambda p: (
        p.regime == EXTENDED, order.index(p.verdict), p.bar == THEOREM))


def first_missing(claim, df, seeds, logs):
    """Find the first seed on which a run of a claim has no results.

    Parameters
    ----------
    claim, df, seeds, logs : see `judge`

    Returns
    -------
    str, the seed and what it lacks, and why; "" if it lacks nothing.
    """
    ran = df[[*RUN, "stop_val"]].drop_duplicates(RUN)
    for run in claim.runs:
        for seed in range(run.n_seeds) if seeds is None else seeds:
            rows = ran[ran["base_seed"] == seed]
            try:
                for selection in product(run.solver, run.dataset,
                                         run.objective):
                    where(rows, *selection)
            except Missing as missing:
                why = explain(logs.get(seed, ""), *selection)
                return f"seed {seed}: {missing}{why and f' ({why})'}"
    return ""


def explain(log, solver, dataset, objective):
    """Find out why a solver has no results on a problem.

    Parameters
    ----------
    log : str, what benchopt printed, see `ci.printed.plain`
    solver, dataset, objective : str, selectors

    Returns
    -------
    str, in benchopt's words; empty if it said nothing about them.
    """
    for one in endings(log):
        if concerns(one, solver, dataset, objective):
            return one.reason if one.status == "error" else one.said
    return last_error(log)


def concerns(one, solver, dataset, objective):
    """Tell whether an Ending is that of a solver on a problem: its own, or
    that of the whole data set or objective."""
    if one.objective:
        return all(map(matches, (one.name, one.dataset, one.objective),
                       (solver, dataset, objective)))
    if one.dataset:
        return matches(one.name, objective) and matches(one.dataset, dataset)
    return any(matches(one.name, whole)
               for whole in (solver, dataset, objective))


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
