"""At equal products with D and D', networks of learned steps, penalties or
matrices have a lower gap, in the mean and in the median over held-out
problems, than each of the methods that learn nothing, or two numbers."""
from ci.claims.claim import Panel, Run
from ci.claims.networks import (
    depths,
    gap_ratio,
    has_depth,
    median_ratio,
    stronger,
    suboptimality,
)
from ci.claims.parts import EXTENDED, FAILS, STRONGER

from ._problems import (
    CODES,
    MANY_SEEDS,
    REGS,
    SMALL_CODES,
    WHITE,
    at_cost,
    at_median_cost,
    by_signals,
    lasso,
)

TITLE = "Networks against what learns nothing"
SOURCE = """The suite's own question: the papers compare with ISTA and FISTA.
SpaRSA: S. Wright, R. Nowak and M. Figueiredo, IEEE Trans. Signal Process.
57(7), 2009; silver steps: J. Bok and J. M. Altschuler, arXiv:2412.05497;
Chebyshev steps: S. Takabe and T. Wadayama, arXiv:2010.13335; ADMM: S. Boyd et
al., Found. Trends Mach. Learn. 3(1), 2011, doi:10.1561/2200000016; coordinate
descent: J. Friedman, T. Hastie and R. Tibshirani, J. Stat. Softw. 33(1), 2010,
doi:10.18637/jss.v033.i01."""
CHANGES = """Each network is compared with the rival that it is not sure to be
below, or least sure: the one with the lowest end of the interval. The unit is
a product with D and one with D', 2nm multiplications for each x: an iteration
of ISTA, FISTA, SpaRSA and ADMM, and a layer of each network. That of Step-ADMM
or Tuned-ADMM is one once its matrix (rho I + DD')^-1 D is stored, as ADMM's
is; the suite, which keeps a factorisation for all rho, takes n/m more.
Multiplications of coordinate descent are counted, m for each atom that changes
and an x's share of D'D, and its last evaluation that costs no more is
compared. A step that SpaRSA rejects costs it one product more, which is rare
and not counted."""

LEARNED = (
    "Step-LISTA", "Learned-FISTA", "BB-LISTA", "Step-ADMM", "Coupled-LISTA")
TUNED = "Tuned-ISTA", "Silver-ISTA", "Chebyshev-ISTA", "Tuned-ADMM"
FREE = ["SpaRSA", "ADMM", "FISTA[restart=True]", "CD"]


def names(full):
    """The selectors of the networks, and of their rivals."""
    T = 10 if full else 5
    return ([stronger(name, T) for name in LEARNED],
            [*FREE, *(stronger(name, T) for name in TUNED)])


def runs(full):
    learned, rivals = names(full)
    return [Run(lasso(*REGS), [CODES, WHITE] if full else [SMALL_CODES],
                [*learned, *rivals], MANY_SEEDS)]


def selectors(df):
    """The solvers with which these results were made."""
    return names(has_depth(df, 10))


def check(df):
    (learned, rivals), parts = selectors(df), []
    for place, rows in by_signals(at_cost(df)).items():
        T = max(depths(rows, learned[0]))
        parts += [min((ratio(
            rows, name, rival, T, f"{place}, T = {T:g}", regime=EXTENDED,
            trainer=STRONGER, safeguarded=True) for rival in rivals),
            key=least_sure)
            for name in learned for ratio in (gap_ratio, median_ratio)]
    return parts


def least_sure(part):
    """What sorts the rivals of a network: those that it is not below first."""
    return part.verdict != FAILS, part.effect.low


def figure(df):
    learned, rivals = selectors(df)
    deepest, df = max(depths(df, learned[0])), at_median_cost(df)
    df = df[df["stop_val"] <= deepest]
    return [
        Panel(place, "cost in iterations of ISTA", "mean held-out F - F*", [
            suboptimality(rows, name)._replace(dash=(
                "solid" if name in learned
                else "dash" if name in FREE else "dot"))
            for name in (*learned, *rivals)])
        for place, rows in by_signals(df).items()]
