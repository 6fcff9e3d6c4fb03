"""On compressed sensing with a generator, ADMM reaches a given measurement
error in fewer iterations than gradient descent: the error that gradient
descent ends at."""
from ci.claims.claim import Run
from ci.claims.parts import EXTENDED

from ._problems import LATORRE, PRIOR, both, panels, places, prior, speed_up

TITLE = "ADMM needs fewer iterations than GD"
SOURCE = f"{LATORRE}, figure of compressive sensing"
CHANGES = f"""{PRIOR} The source's gradient descent has a step about twenty
times below its best. The comparison with Adam is the suite's."""

SOLVERS = ["ADMM", "GD", "Adam"]


def runs(full):
    levels = (0.1, 0.3, 0.5) if full else (0.3,)
    return [Run([prior("compressed_sensing", level, full)
                 for level in levels], both(full), SOLVERS)]


def check(df):
    parts = []
    for place, rows in places(df).items():
        parts += [speed_up(rows, "ADMM", "GD", place),
                  speed_up(rows, "ADMM", "Adam", place, regime=EXTENDED)]
    return parts


def figure(df):
    return panels(df, SOLVERS, "measurement error")
