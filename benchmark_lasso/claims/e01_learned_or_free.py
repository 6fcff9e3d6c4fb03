"""At equal products with D and D', networks of learned steps or penalties have
a lower gap than the strongest methods that learn nothing, or two numbers."""
from ci.claims.claim import Panel, Run
from ci.claims.networks import (
    depths,
    gap_ratio,
    stronger,
    suboptimality,
    untrained,
)
from ci.claims.parts import EXTENDED, STRONGER
from ci.names import class_of

from ._problems import CODES, REGS, SMALL_CODES, WHITE, lasso, problems

TITLE = "Learned steps against free ones"
SOURCE = """The suite's own question: the papers compare with ISTA and FISTA.
SpaRSA: S. Wright, R. Nowak and M. Figueiredo, IEEE Trans. Signal Process.
57(7), 2009; silver steps: J. Bok and J. M. Altschuler, arXiv:2412.05497;
Chebyshev steps: S. Takabe and T. Wadayama, arXiv:2010.13335; ADMM: S. Boyd et
al., Found. Trends Mach. Learn. 3(1), 2011, doi:10.1561/2200000016."""
CHANGES = """The unit is an iteration of ISTA: a product with D and one with
D', 2nm multiplications for each x. A layer of Step-ADMM or Tuned-ADMM takes
two products of n x n more, and counts as 1 + n/m: their depth is the last one
sampled that costs no more than the others'. ADMM has these products in its
factors, computed once. A step that SpaRSA rejects costs it one product more,
which is rare and not counted."""

LEARNED = "Step-LISTA", "Learned-FISTA", "BB-LISTA", "Step-ADMM"
TUNED = "Tuned-ISTA", "Silver-ISTA", "Chebyshev-ISTA", "Tuned-ADMM"
FREE = ["SpaRSA", "ADMM"]
DENSE = "Step-ADMM", "Tuned-ADMM"
"""The networks whose layers multiply by matrices of n x n, too."""


def names(full):
    """The selectors of the networks, of the tuned steps and of free ones."""
    T = 10 if full else 5
    return ([stronger(name, T) for name in LEARNED],
            [stronger(name, T) for name in TUNED],
            [*FREE, "FISTA[restart=True]", untrained("Silver-ISTA", T)])


def runs(full):
    learned, tuned, free = names(full)
    return [Run(lasso(*REGS), [CODES, WHITE] if full else [SMALL_CODES],
                [*learned, *tuned, *free])]


def by_signals(df):
    """Name -> rows of each problem, by the kind of its signals."""
    return {f"{signals}, {place}": rows
            for signals, of in df.groupby("p_dataset_signals")
            for place, rows in problems(of).items()}


def selectors(df):
    """The solvers with which these results were made."""
    return names(df["solver_name"].str.contains("max_layers=10").any())


def at_cost(df):
    """Count layers and iterations by their cost, in iterations of ISTA."""
    ratio = df["p_dataset_n_dim"] / df["p_dataset_n_atoms"]
    dense = df["solver_name"].map(class_of).isin(DENSE)
    return df.assign(stop_val=df["stop_val"] * (1 + dense * ratio))


def check(df):
    learned, tuned, _ = selectors(df)
    how = {"regime": EXTENDED, "trainer": STRONGER, "safeguarded": True}
    parts = []
    for place, rows in by_signals(at_cost(df)).items():
        T = max(depths(rows, learned[0]))
        parts += [gap_ratio(rows, name, rival, T, f"{place}, T = {T:g}", **how)
                  for name in learned for rival in (*FREE, *tuned[-2:])]
    return parts


def figure(df):
    learned, tuned, free = selectors(df)
    deepest, df = max(depths(df, learned[0])), at_cost(df)
    df = df[df["stop_val"] <= deepest]
    return [
        Panel(place, "cost in iterations of ISTA", "mean held-out F - F*", [
            *(suboptimality(rows, name) for name in learned),
            *(suboptimality(rows, name)._replace(dash="dot")
              for name in tuned),
            *(suboptimality(rows, name, f"{class_of(name)}, free")._replace(
                dash="dash") for name in free)])
        for place, rows in by_signals(df).items()]
