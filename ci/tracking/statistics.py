"""Is one of two commits slower? Decisions from paired times; pure functions.

Both commits are run in turn, on the same machine. What is compared is the
logarithm of the ratio of the times of head and base, in each repetition. The
repetition is the unit: whatever its runs have in common does not count as
evidence more than once.

- What all solvers of a benchmark have in common in a repetition, their
  median, is taken off each: it is the machine's, and judged as a comparison of
  its own ("all").
- With few repetitions a variance is badly known; each is drawn towards that
  of the others as far as they agree: G. Smyth, Linear models and empirical
  Bayes methods for assessing differential expression in microarray
  experiments, Stat. Appl. Genet. Mol. Biol. 3, 2004,
  doi:10.2202/1544-6115.1027. One that is too large to agree with them is left
  as it is: a solver with more noise than the others would be taken to change.
- The probabilities of all comparisons are corrected by S. Holm, A simple
  sequentially rejective multiple test procedure, Scand. J. Statist. 6, 1979.
"""

from typing import NamedTuple

import numpy as np
from scipy import special, stats

FEW = 4
"""Below so many solvers, their median is one of them: nothing is taken off."""

TOO_LARGE = 0.02
"""Where the others' variances make as large a one less likely than this, it is
not drawn towards them."""

CONFIDENCE = 0.95
"""That of each interval."""

ROUNDING = 0.1
"""Part of the tolerance that repetitions may differ by and still agree."""


class Effect(NamedTuple):
    """A ratio of times, head over base, with its interval."""

    ratio: float
    low: float
    high: float
    p_slower: float
    """Probability of such a ratio or a larger one if nothing changed,
    corrected for the number of comparisons."""
    p_faster: float


def moderated(variances, dof):
    """Draw variances towards a common one (Smyth 2004, equations in 6.2).

    Parameters
    ----------
    variances : array-like of float > 0, shape (n,)
    dof : float, the degrees of freedom of each

    Returns
    -------
    ndarray, shape (n,), the moderated variances; ndarray, shape (n,), their
    degrees of freedom, at most those of all variances together.
    """
    variances = np.asarray(variances, float)
    n = len(variances)
    if n < 2:
        return variances, np.full(n, float(dof))
    e = np.log(variances) - special.digamma(dof / 2) + np.log(dof / 2)
    spread = e.var(ddof=1) - special.polygamma(1, dof / 2)
    if spread > 0:
        prior_dof = 2 * trigamma_inverse(spread)
        prior = np.exp(e.mean() + special.digamma(prior_dof / 2)
                       - np.log(prior_dof / 2))
        mixed = (prior_dof * prior + dof * variances) / (prior_dof + dof)
    else:
        prior_dof, prior = np.inf, np.exp(e.mean())
        mixed = np.full(n, prior)
    prior_dof = min(prior_dof, dof * (n - 1))
    agrees = stats.f.sf(variances / prior, dof, prior_dof) >= TOO_LARGE
    return (np.where(agrees, mixed, variances),
            np.where(agrees, prior_dof + dof, float(dof)))


def trigamma_inverse(y):
    """Solve trigamma(x) = y for x > 0 (Smyth 2004, appendix): a float."""
    x = 0.5 + 1 / y
    for _ in range(50):
        trigamma = special.polygamma(1, x)
        step = trigamma * (1 - trigamma / y) / special.polygamma(2, x)
        x += step
        if abs(step) <= 1e-10 * x:
            break
    return float(x)


def holm(p):
    """Correct probabilities for their number (Holm 1979).

    Parameters
    ----------
    p : array-like of float, shape (n,)

    Returns
    -------
    ndarray, shape (n,); at most alpha exactly for what is rejected at alpha.
    """
    p = np.asarray(p, float)
    order = np.argsort(p)
    adjusted = np.maximum.accumulate(
        p[order] * np.arange(len(p), 0, -1)).clip(max=1)
    result = np.empty_like(p)
    result[order] = adjusted
    return result


def centred(groups):
    """Take off what the groups have in common in each repetition.

    Parameters
    ----------
    groups : ndarray, shape (n_groups, n_repetitions), log-ratios

    Returns
    -------
    ndarray, the same shape; ndarray, shape (n_repetitions,), the medians, or
    None where there are too few groups.
    """
    if len(groups) < FEW:
        return groups, None
    common = np.median(groups, axis=0)
    return groups - common, common


def effects(log_ratios):
    """Estimate ratios and the probabilities of no change, each and together.

    Parameters
    ----------
    log_ratios : array-like of float, shape (n_comparisons, n_repetitions)
        Repetitions are independent.

    Returns
    -------
    list of Effect; ValueError with fewer than two repetitions or with values
    that are not finite.
    """
    log_ratios = np.atleast_2d(np.asarray(log_ratios, float))
    n = log_ratios.shape[1]
    if n < 2 or not np.isfinite(log_ratios).all():
        raise ValueError(
            f"expected finite log-ratios of at least 2 repetitions, got shape "
            f"{log_ratios.shape}: leave out what is not finite")
    mean, variance = log_ratios.mean(axis=1), log_ratios.var(axis=1, ddof=1)
    tiny = np.finfo(float).eps ** 2  # of equal times
    variance, dof = moderated(np.maximum(variance, tiny), n - 1)
    error = np.sqrt(variance / n)
    t = mean / error
    half = stats.t.ppf((1 + CONFIDENCE) / 2, dof) * error
    slower, faster = (holm(stats.t.sf(s * t, dof)) for s in (1, -1))
    return [Effect(*map(float, row)) for row in zip(
        np.exp(mean), np.exp(mean - half), np.exp(mean + half), slower,
        faster, strict=True)]


def separated(base, head, tolerance):
    """Tell whether all values of one side are beyond all of the other's.

    Parameters
    ----------
    base, head : array-like of float, the values; smaller is better
    tolerance : float >= 0, relative

    Returns
    -------
    int: 1 if head is worse, -1 if it is better, 0 if neither.
    """
    base, head = np.asarray(base, float), np.asarray(head, float)
    if beyond(head.min(), base.max(), tolerance):
        return 1
    return -int(beyond(base.min(), head.max(), tolerance))


def reached_less(base, head):
    """Test which side reaches a level less often, by Fisher's exact test.

    R. A. Fisher, The logic of inductive inference, J. R. Stat. Soc. 98, 1935,
    doi:10.2307/2342435.

    Parameters
    ----------
    base, head : array-like of float, shape (n_repetitions,), infinite where
        the level is not reached

    Returns
    -------
    int: 1 if head reaches it less often, -1 if more often, 0 if as often;
    float, the probability of such a difference, or of a larger one with the
    same sign, if nothing changed.
    """
    counts = [[np.isfinite(side).sum(), (~np.isfinite(side)).sum()]
              for side in (head, base)]
    sign = int(np.sign(counts[1][0] - counts[0][0]))
    return sign, float(stats.fisher_exact(
        counts, "greater" if sign < 0 else "less").pvalue)


def agree(values, tolerance):
    """Tell whether repetitions are the same but for rounding errors.

    Parameters
    ----------
    values : array-like of float, shape (n_repetitions,)
    tolerance : float >= 0, relative, of the changes that matter

    Returns
    -------
    bool, whether they differ by so little (`ROUNDING`) that noise of this
    size is no change.
    """
    return not beyond(np.max(values), np.min(values), ROUNDING * tolerance)


def beyond(value, reference, tolerance):
    """Whether a value exceeds a reference by more than the tolerance."""
    if not np.isfinite(reference):
        return False
    return bool(value > reference + tolerance * abs(reference))
