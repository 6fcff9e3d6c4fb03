"""Findings in one sentence each, computed from the times to the levels."""

from collections import Counter

import numpy as np

from ci.curves import LEVELS
from ci.names import class_of
from ci.ranking.profile import profile, share_within
from ci.ranking.table import duration
from ci.ranking.times import winners

ALIKE = 1e-4
"""Values that differ by less than this part of them are not told apart."""


def findings(table, trained):
    """Say what the times to the levels show.

    Parameters
    ----------
    table : DataFrame, see `ci.ranking.times.seconds_to_levels`
    trained : set of str, see `ci.ranking.times.trained_solvers`

    Returns
    -------
    list of str, without what there is nothing to say about
    """
    won = winners(table)
    said = [
        who_wins(won, "fastest"),
        who_wins(won, "trained") if firsts(won, "trained") != firsts(
            won, "fastest") else "",
        where_training_wins(won, trained) if trained else "",
        when_training_pays(table, trained) if trained else "",
        who_is_never_far(table),
        who_never_arrives(table),
    ]
    return [sentence for sentence in said if sentence]


def firsts(won, kind):
    """Count how often each class of solvers is first to the last level.

    Parameters
    ----------
    won : list of Winner
    kind : str, "fastest" or "trained": without and with training

    Returns
    -------
    Counter
    """
    level = min(LEVELS)
    return Counter(class_of(getattr(one, kind)[level][0])
                   for one in won if level in getattr(one, kind))


def who_wins(won, kind):
    """Say who is fastest to the last level how often; "" without problems."""
    level, first = min(LEVELS), firsts(won, kind)
    if not won:
        return ""
    if not first:
        return f"No solver comes within {level:g} of the optimum."
    counted = ", training counted" if kind == "trained" else ""
    said = ", ".join(f"{name} on {n}" for name, n in first.most_common(4))
    return (f"Fastest to within {level:g} of the optimum{counted}, on "
            f"{problems(len(won))}: {said}.")


def where_training_wins(won, trained):
    """Say to which levels trained methods are first, training not counted."""
    said, total = [], 0
    for level in LEVELS:
        first = [one.fastest[level][0] in trained
                 for one in won if level in one.fastest]
        total += sum(first)
        if first:
            said.append(f"to {level:g} on {sum(first)} of {len(first)}")
    if not said:
        return ""
    if not total:
        return ("No trained or tuned method is the fastest to any level on "
                "any problem, even if its training is not counted.")
    return (f"Once trained, a trained or tuned method is the fastest "
            f"{', '.join(said)} problems that a method solves so far.")


def when_training_pays(table, trained):
    """Say after how many batches the first training has paid off.

    A batch is what a run solves; its gain is the time of the fastest method
    that is not trained minus the trained one's.
    """
    best = None
    for (dataset, objective, level), rows in table[~table["start"]].groupby(
            ["dataset", "objective", "level"], sort=False):
        own = rows["solver"].isin(trained)
        rival = rows["seconds"][~own].min()
        gains = rival - rows["seconds"][own]
        if not np.isfinite(rival) or not (gains > 0).any():
            continue
        costs = (rows["trained"] - rows["seconds"])[own]
        batches = (costs / gains)[gains > 0]
        row = rows.loc[batches.idxmin()]
        if best is None or batches.min() < best[0]:
            best = (batches.min(), row["solver"], level, dataset, objective,
                    costs[batches.idxmin()])
    if best is None:
        return ""
    batches, solver, level, dataset, objective, cost = best
    return (f"Training pays soonest for {class_of(solver)} to {level:g} on "
            f"{class_of(dataset)}, {objective}: its {duration(cost)} are "
            f"recovered after {np.ceil(batches):.0f} batches.")


def who_is_never_far(table):
    """Say who is within twice the fastest time most often."""
    n_problems, ratios = profile(table)
    if not n_problems:
        return ""
    shares = Counter()
    for solver, own in ratios.items():
        name, share = class_of(solver), share_within(own, 2, n_problems)
        shares[name] = max(shares[name], share)
    said = ", ".join(f"{name} {share:.0%}"
                     for name, share in shares.most_common(3) if share)
    return (f"Within twice the fastest time most often, over {n_problems} "
            f"cases of a problem and a level: {said}.")


def who_never_arrives(table):
    """Name the solvers that reach the last level on no problem."""
    rows = table[table["level"] == min(LEVELS)]
    reached = np.isfinite(rows["seconds"]).groupby(rows["solver"]).any()
    names = {class_of(solver) for solver in reached.index}
    names -= {class_of(solver) for solver in reached.index[reached]}
    if not names or not reached.any():
        return ""
    return (f"On no problem within {min(LEVELS):g}: "
            f"{', '.join(sorted(names))}.")


def problems(number):
    """Write a number of problems."""
    return f"{number} problem{'s' if number != 1 else ''}"


def without_optimum(ends):
    """Say what can be said of values where no optimum is known.

    Parameters
    ----------
    ends : list, see `ci.ranking.times.lowest_values`

    Returns
    -------
    str
    """
    lowest = Counter()
    for *_, ranking in ends:
        bound = min((v + ALIKE * abs(v) for _, v, _ in ranking), default=0)
        lowest.update(sorted({
            class_of(name) for name, value, _ in ranking if value <= bound}))
    said = ", ".join(f"{name} on {n}" for name, n in lowest.most_common(4))
    alike = (f" Within {ALIKE:.2%} of the lowest value at the end of a run, "
             f"on {problems(len(ends))}: {said}." if said else "")
    return ("No optimum of this objective is known, so that no time to a "
            f"suboptimality can be given.{alike}")
