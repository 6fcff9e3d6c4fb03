"""The infeasibility ||w_t - G(z_t)|| of linearised and of exact ADMM tends to
0: over the iterations it falls a hundredfold."""
import numpy as np

from ci.claims.claim import Run, by_seed, where
from ci.claims.effects import over_seeds
from ci.claims.parts import RATIO, Part

from ._problems import LATORRE, PRIOR, both, panels, places, prior

TITLE = "ADMM becomes feasible"
SOURCE = f"{LATORRE}, theorem 1"
CHANGES = f"""{PRIOR} The theorem bounds the infeasibility by a constant plus a
rate; the hundredfold fall, from the largest to the last, is the suite's
reading."""

SOLVERS = ["ADMM", "Linear-ADMM"]
FALL = 100
COLUMN = "objective_infeasibility"


def runs(full):
    return [Run([prior("compressed_sensing", 0.3, full)], both(full),
                SOLVERS)]


def fall(rows):
    """Largest over last infeasibility of one seed; 0 if that is no number."""
    last = rows[COLUMN].iloc[-1]
    return rows[COLUMN].max() / max(last, 1e-12) if np.isfinite(last) else 0.0


def check(df):
    return [Part(place, f"largest / last infeasibility of {solver}",
                 over_seeds([fall(where(of, solver))
                             for of in by_seed(rows).values()], RATIO), FALL)
            for place, rows in places(df).items() for solver in SOLVERS]


def figure(df):
    return panels(df, SOLVERS, "||w - G(z)||", "infeasibility")
