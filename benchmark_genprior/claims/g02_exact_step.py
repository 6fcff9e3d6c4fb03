"""Exact minimisation over w makes ADMM at least as fast as the linearised
step: at equal iterations its measurement error is no larger."""
from ci.claims.claim import Run
from ci.claims.parts import NO_WORSE

from ._problems import (
    LATORRE,
    PRIOR,
    both,
    depths,
    panels,
    places,
    prior,
    ratio,
)

TITLE = "The exact step in w is no slower"
SOURCE = f"{LATORRE}, Algorithms 1 and 2"
CHANGES = f"""{PRIOR} Both algorithms have the schedule of the second."""

SOLVERS = ["ADMM", "Linear-ADMM"]


def runs(full):
    return [Run([prior("compressed_sensing", 0.3, full)], both(full),
                SOLVERS)]


def check(df):
    return [ratio(rows, *SOLVERS, T, place, bar=NO_WORSE)
            for place, rows in places(df).items() for T in depths(rows)]


def figure(df):
    return panels(df, SOLVERS, "measurement error")
