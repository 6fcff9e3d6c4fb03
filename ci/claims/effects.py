"""Effects with their intervals, from the results of several seeds.

Seeds draw the data and train the networks anew: their estimates are
independent, and the interval at 95 % is Student's t over them. Within a seed
the methods are compared on the same test samples, pair by pair: a bootstrap
over the pairs gives the variance that their number leaves, and the variance
between the seeds is never taken to be less: there, a few seeds that happen to
agree do not make a narrow interval. Of one number a seed, such as a count, the
seeds alone give the interval; where all are equal, it is the median's, which
three seeds never bound.

An infinite estimate, of a method without an error or of a level that a rival
never reaches, has no mean: with such an estimate, too, the effect is the
median, see `ci.claims.intervals`.
"""

import numpy as np

from ci.claims.claim import Missing, by_seed
from ci.claims.parts import DIFFERENCE, RATIO, Effect
from ci.claims.samples import read_samples
from ci.curves import cost_to_level

N_RESAMPLES = 400
"""Enough for a variance, to 7 % of it."""

CONVERGED = 1e-10
"""Largest relative duality gap of a run that ends by itself: others were cut
off, by their time or by their iterations."""


def at(df, T):
    """Select the evaluation at T of each seed.

    Parameters
    ----------
    df : DataFrame, the rows of one solver on one problem
    T : float; None for the last one

    Returns
    -------
    DataFrame, a row for each seed: where a solver has converged before T, its
    last one. Missing if it was cut off before.
    """
    if T is not None:
        check_not_cut_off(last_of_seeds(df), T)
        df = df[df["stop_val"] <= T]
    return last_of_seeds(df)


def last_of_seeds(df):
    """Return the last evaluation of each seed, a DataFrame."""
    return df.sort_values("stop_val", kind="stable").groupby(
        "base_seed").tail(1)


def check_not_cut_off(ends, T):
    """Raise Missing if a run ended before T, and had not converged.

    Parameters
    ----------
    ends : DataFrame, the last evaluation of each seed; without a column
        objective_duality_gap nothing is known of convergence
    T : float
    """
    for row in ends.itertuples():
        gap = getattr(row, "objective_duality_gap", 0.0)
        if row.stop_val < T and gap > CONVERGED:
            raise Missing(
                f"expected {row.solver_name} at {T:g} iterations, or "
                f"converged before, got {row.stop_val:g} on seed "
                f"{row.base_seed}: run it on idle cores")


def compare(method, rival, key="suboptimality", without=None):
    """Compare the means over the test samples, rival's over method's.

    Parameters
    ----------
    method, rival : DataFrame, a row for each seed, see `at`
    key : str, an array of `read_samples`, such as each sample's gap; less is
        better. What its certificate does not resolve counts as equal.
    without : str, see `paired`

    Returns
    -------
    Effect, a ratio. Its notes: the ratio of the medians, the share of the
    samples that the method wins and that it loses, and the share of its mean
    that its worst sample carries.
    """
    pairs = paired(method, rival, key, without)
    rng = np.random.default_rng(0)
    estimates = [log_ratio(theirs.mean(), ours.mean())
                 for ours, theirs in pairs]
    least = np.mean([variances(*pair, rng) for pair in pairs], axis=0)
    return Effect.of(estimates, RATIO, notes_of(pairs), least)


def paired(method, rival, key, without=None):
    """Read the samples of two methods.

    Parameters
    ----------
    method, rival, key : see `compare`
    without : str, a flag of each sample, such as whether it has diverged: the
        samples on which it is raised for one of the two are left out

    Returns
    -------
    list of pairs of arrays, the method's and the rival's samples of each seed;
        NaN if all are left out. Missing if a seed lacks one of the two, or
        they have not as many samples: that these are the same follows from the
        data set and the seed.
    """
    seeds = {"method": by_seed(method), "rival": by_seed(rival)}
    if set(seeds["method"]) != set(seeds["rival"]):
        raise Missing(
            f"expected two solvers on the same seeds, got "
            f"{ {name: sorted(rows) for name, rows in seeds.items()} }")
    pairs = []
    for seed, rows in seeds["method"].items():
        samples = [read_samples(own) for own in (rows, seeds["rival"][seed])]
        sizes = [len(of_one[key]) for of_one in samples]
        if sizes[0] != sizes[1]:
            raise Missing(f"expected as many test samples of both solvers, "
                          f"got {sizes}")
        pair = resolved(samples, key)
        if without is not None:
            kept = ~np.logical_or(*(of_one[without] for of_one in samples))
            pair = [values[kept] if kept.any() else np.array([np.nan])
                    for values in pair]
        pairs.append(pair)
    return pairs


def resolved(samples, key):
    """Return an array of samples of each of two methods.

    What is no number, of a method that has diverged, is infinite. No gap is
    below what the certificates resolve, and gaps that differ by less are
    equal.
    """
    pair = [np.nan_to_num(of_one[key].astype(float), nan=np.inf, posinf=np.inf)
            for of_one in samples]
    if key != "suboptimality":
        return pair
    floor = np.maximum(*(of_one["resolution"] for of_one in samples))
    equal = np.isclose(*pair, rtol=0, atol=floor)
    return [np.maximum(np.where(equal, np.maximum(*pair), values), floor)
            for values in pair]


def log_ratio(theirs, ours):
    """Return the logarithm of a ratio of numbers >= 0: 0 if both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(theirs == ours, 0.0, np.log(theirs) - np.log(ours))


def quotients(theirs, ours):
    """Return ratios of numbers >= 0 of each seed, an array.

    It is 1 where both are 0, or infinite: neither of two solvers got there.
    """
    theirs, ours = (np.asarray(v, dtype=float) for v in (theirs, ours))
    return np.exp(log_ratio(theirs, ours))


def variances(ours, theirs, rng):
    """Return the variance of the log-ratio of the means over the pairs drawn
    again, below its estimate and above.

    Where few of a method's samples are not 0, some draws have none of them,
    and the ratio is infinite: the samples bound it on one side, by twice the
    mean square of what lies there, and not on the other.
    """
    counts = rng.multinomial(
        len(ours), np.full(len(ours), 1 / len(ours)), size=N_RESAMPLES)
    with np.errstate(invalid="ignore"):  # of what is infinite
        resampled = log_ratio(counts @ theirs, counts @ ours)
        moved = resampled - log_ratio(theirs.mean(), ours.mean())
    if np.isfinite(resampled).all():
        return [resampled.var()] * 2
    return [2 * np.mean(side.clip(min=0) ** 2) for side in (-moved, moved)]


def notes_of(pairs):
    """Say what the ratio of the means leaves out, as means over the seeds.

    The ratio of the medians is NaN where it is 0 on a seed and infinite on
    another, as where most samples are solved exactly.
    """
    medians = [log_ratio(np.median(b), np.median(a)) for a, b in pairs]
    with np.errstate(invalid="ignore"):
        ratio = float(np.exp(np.mean(medians)))
    return {
        "ratio of medians": ratio,
        "share won": float(np.mean([(a < b).mean() for a, b in pairs])),
        "share lost": float(np.mean([(a > b).mean() for a, b in pairs])),
        "share of the mean in the worst sample": float(np.mean(
            [a.max() / max(a.sum(), 1e-300) if np.isfinite(a.sum()) else 1.0
             for a, _ in pairs])),
    }


def iterations(df, level):
    """Count the iterations of a solver to an accuracy.

    Parameters
    ----------
    df : DataFrame, the rows of one solver on one problem
    level : float, the mean gap over that of the start

    Returns
    -------
    ndarray, shape (n_seeds,), in the order of `by_seed`: interpolated between
    evaluations, whose distance is larger than the margin, in log(gap);
    infinite where it was not reached.
    """
    reached = []
    for rows in by_seed(df).values():
        gap = rows["objective_suboptimality"].to_numpy()
        reached.append(cost_to_level(
            rows["stop_val"].to_numpy(), gap, level * gap[0]))
    return np.array(reached)


def over_seeds(values, scale=DIFFERENCE, **notes):
    """Return the mean of one number for each seed, with its interval; the
    median, if one is infinite or all are equal.

    Parameters
    ----------
    values : list of float, such as a rank correlation; ratios >= 0 are
        averaged in their logarithm
    scale : RATIO or DIFFERENCE
    **notes : float, see Effect

    Returns
    -------
    Effect; its interval is unbounded for a single seed.
    """
    values = np.asarray(values, dtype=float)
    if scale == RATIO:
        with np.errstate(divide="ignore"):
            values = np.log(values)
    return Effect.of(values, scale, notes)
