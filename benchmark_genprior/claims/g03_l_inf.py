"""On the l_inf projection onto the range of a generator, ADMM's measurement
error falls below that of gradient descent and of Adam on the same loss."""
from ci.claims.claim import Run
from ci.claims.parts import EXTENDED

from ._problems import (
    LATORRE,
    PRIOR,
    both,
    depths,
    digits,
    panels,
    places,
    prior,
    ratio,
)

TITLE = "ADMM wins on the nonsmooth loss"
SOURCE = f"{LATORRE}, figure of the l_inf projection"
CHANGES = f"""{PRIOR} The source's penalty is so small that its proximal step
returns b; here the prox of the norm is active. ADMM with Gauss-Newton steps in
z, an iteration of which costs several of the others, is the suite's."""

SOLVERS = ["ADMM", "GD", "Adam", "ADMM-Gauss-Newton"]


def runs(full):
    levels = (0.1, 0.2) if full else (0.1,)
    return [Run([prior("denoise_linf", level, full) for level in levels],
                both(full) if full else [digits(full, True)], SOLVERS)]


def check(df):
    parts = []
    for place, rows in places(df).items():
        T = depths(rows)[-1]
        for rival in ("GD", "Adam"):
            parts += [ratio(rows, "ADMM", rival, T, place),
                      ratio(rows, "ADMM-Gauss-Newton", rival, T, place,
                            regime=EXTENDED)]
    return parts


def figure(df):
    return panels(df, SOLVERS, "max |G(z) - b|")
