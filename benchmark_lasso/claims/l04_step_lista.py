"""Step-LISTA "seems better for high sparsity": at lmbd = 0.8 its gap is below
coupled LISTA's at equal T, on simulated data (m = 256, n = 64) and on the
8 x 8 digits."""
from ci.claims.claim import Panel, Run
from ci.claims.networks import (
    as_run,
    depths,
    gap_ratio,
    suboptimality,
)

from ._problems import (
    ABLIN,
    REGS,
    TALK,
    data,
    lasso,
    problems,
)
from .l03_training_pays import CHANGES as CHANGES
from .l03_training_pays import NAMES, TRAINERS, networks

TITLE = "Step-LISTA wins where codes are sparse"
SOURCE = f"{ABLIN}, figures of the networks by depth; {TALK}"


def runs(full):
    return [Run(lasso(*REGS), data(full), [
        name for names in networks(full).values() for name in names])]


def check(df):
    parts = []
    for place, rows in problems(df[df["p_obj_reg"] == 0.8]).items():
        for (regime, trainer, safe), select in TRAINERS.items():
            step, *rivals = NAMES[regime]
            step = as_run(rows, step, select)
            parts += [gap_ratio(
                rows, step, as_run(rows, rival, select), T,
                f"{place}, T = {T:g}", regime=regime, trainer=trainer,
                safeguarded=safe)
                for rival in rivals for T in depths(rows, step)]
    return parts


def figure(df):
    return [
        Panel(f"{place}, {trainer}", "layers T", "mean held-out F - F*",
              [suboptimality(rows, as_run(rows, name, select), name)
               for name in NAMES[regime]])
        for place, rows in problems(df).items()
        for (regime, trainer, _), select in TRAINERS.items()]
