"""On the toy regression with 1/2 ||theta||^2, consensus ADMM converges
similarly to stochastic gradient descent on the original problem."""
import numpy as np

from ci.claims.effects import over_seeds, quotients
from ci.claims.parts import EXTENDED, NO_WORSE, RATIO

from ._problems import (
    SETUP,
    SLIDES,
    TYPO,
    UPDATES,
    admm,
    by_step,
    ends,
    part,
    rhos_in,
    sgd,
    toy_rhos,
    toy_run,
)

TITLE = "ADMM trains about as SGD does"
SOURCE = f"{SLIDES}, case study 1"
CHANGES = f"""{SETUP} {TYPO} A step is the gradient of a batch for both.
Similar is within 10 %, the suite's margin, whichever of the two is ahead. The
objective is that at theta_1; that at theta_2, and the excess over the best of
ten restarts of L-BFGS, are extensions."""

COLUMNS = {"objective": "objective_value",
           "objective at theta_2": "objective_value_theta_2",
           "excess over the optimum": "objective_excess"}


def runs(full):
    return [toy_run([sgd(), *(
        admm(rho, update) for rho in toy_rhos(full) for update in UPDATES)])]


def likeness(df, rho, update, share, what="objective", **options):
    """How alike the values of SGD and of ADMM are after a share of the steps.
    """
    column = COLUMNS[what]
    theirs = ends(df, sgd(), column.removesuffix("_theta_2"), share)
    ours = ends(df, admm(rho, update), column, share)
    return part(
        f"rho = {rho:g}, {update} update, {share:.0%} of the steps",
        f"{what} of SGD / of ADMM, or the inverse if that is less",
        over_seeds(np.minimum(quotients(theirs, ours),
                              quotients(ours, theirs)), RATIO), NO_WORSE,
        **options)


def check(df):
    parts = []
    for rho in rhos_in(df, "ADMM"):
        parts += [likeness(df, rho, "derived", share) for share in (0.1, 1.0)]
        parts += [likeness(df, rho, "derived", 1.0, what, regime=EXTENDED)
                  for what in COLUMNS if what != "objective"]
        parts.append(likeness(df, rho, "printed", 1.0, regime=EXTENDED))
    return parts


def figure(df):
    rhos = rhos_in(df, "ADMM")
    return [by_step(df, {"SGD": sgd()} | {
        f"ADMM, rho = {rho:g}": admm(rho, update) for rho in rhos},
        f"{update} update", "F(theta_1)") for update in UPDATES]
