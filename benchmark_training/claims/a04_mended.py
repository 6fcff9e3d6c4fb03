"""Restarts of ADMM, or a few of its iterations between steps of stochastic
gradient descent, mend its sensitivity to rho."""
import numpy as np

from ci.claims.effects import over_seeds, quotients
from ci.claims.parts import BETTER, EXTENDED, NO_WORSE, RATIO

from ._problems import (
    CAP,
    RHOS,
    SETUP,
    SLIDES,
    TYPO,
    admm,
    by_rho,
    ends,
    extreme,
    gan_run,
    medians,
    part,
    rhos_in,
    ring_rhos,
    split_gan,
    toy_rhos,
    toy_run,
)

TITLE = "Restarts or plain steps mend the sensitivity"
SOURCE = f"{SLIDES}, possible extensions"
CHANGES = f"""{SETUP} {TYPO} {RHOS} {CAP} The slides name the extensions and do
not report them. Mended is read as: the worst rho ends lower, and the best no
higher. Of the gradients with plain steps, 80 % are of these. A restart moves
both blocks to their mean, without the multiplier (cold) or with it (warm). A
rho that balances the residuals (S. Boyd et al., 2011, section 3.4.1) is what
the field would try, and an extension, as is the toy regression: with the
derived update there is nothing to mend."""

MENDS = {
    "cold restarts": {"restart": "cold", "restart_every": 20},
    "warm restarts": {"restart": "warm", "restart_every": 20},
    "plain steps": {"n_plain": 200, "restart": "cold", "restart_every": 5},
    "balanced rho": {"schedule": "balanced"},
}
"""What is changed; on the ring, plain steps are PLAIN_ON_RING."""
PLAIN_ON_RING = 20


def family(place, change, rhos):
    """Selectors of ADMM with a change, one for each rho."""
    if place != "ring":
        return [admm(rho, place.split()[-1], **change) for rho in rhos]
    if "n_plain" in change:
        change = change | {"n_plain": PLAIN_ON_RING}
    return [split_gan(rho, **change) for rho in rhos]


PLACES = {"ring": ("Split-GAN", medians, {}),
          "toy regression, printed": ("ADMM", ends, {"regime": EXTENDED}),
          "toy regression, derived": ("ADMM", ends, {"regime": EXTENDED})}


def runs(full):
    solvers = {
        name: [solver for place, (own, _, _) in PLACES.items() if own == name
               for change in ({}, *MENDS.values())
               for solver in family(place, change, rhos)]
        for name, rhos in (("ADMM", toy_rhos(full)),
                           ("Split-GAN", ring_rhos(full)))}
    return [toy_run(solvers["ADMM"]),
            gan_run(full, solvers["Split-GAN"])]


def check(df):
    parts = []
    for place, (name, reached, options) in PLACES.items():
        rhos = rhos_in(df, name)
        plain = family(place, {}, rhos)
        for mend, change in MENDS.items():
            mended = family(place, change, rhos)
            regime = {"regime": EXTENDED} if mend == "balanced rho" else (
                options)
            parts += [part(
                f"{place}, {mend}",
                f"{which} objective over rho, plain ADMM's / the mended one's",
                over_seeds(quotients(extreme(choose, df, plain, reached),
                                     extreme(choose, df, mended, reached)),
                           RATIO), bar, **regime)
                for which, choose, bar in (("worst", np.max, BETTER),
                                          ("best", np.min, NO_WORSE))]
    return parts


def figure(df):
    return [by_rho(df, {mend: family(place, change, rhos_in(df, name))
                        for mend, change in ({"plain": {}} | MENDS).items()},
                   reached, place, "objective")
            for place, (name, reached, _) in PLACES.items()]
