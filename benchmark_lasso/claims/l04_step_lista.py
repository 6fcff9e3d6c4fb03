"""Step-LISTA "seems better for high sparsity": at lmbd = 0.8 its gap is below
coupled LISTA's at equal T, on simulated data (m = 256, n = 64) and on the
8 x 8 digits."""
from ci.claims.claim import Panel, Run

from ._problems import (
    ABLIN,
    MATRICES,
    NETWORKS,
    REGS,
    TALK,
    TRAINERS,
    data,
    depths,
    gap_ratio,
    lasso,
    problems,
    suboptimality,
)
from .l03_training_pays import CHANGES as CHANGES
from .l03_training_pays import networks, selected

TITLE = "Step-LISTA wins where codes are sparse"
SOURCE = f"{ABLIN}, figures of the networks by depth; {TALK}"

RIVALS = {"source": ["Coupled-LISTA"], "extended": MATRICES}


def runs(full):
    return [Run(lasso(*REGS), data(full), [
        name for names in networks(full).values() for name in names])]


def check(df):
    parts = []
    for place, rows in problems(df[df["p_obj_reg"] == 0.8]).items():
        for (regime, trainer, safe), select in TRAINERS.items():
            step = selected(rows, "Step-LISTA", select)
            parts += [gap_ratio(
                rows, step, selected(rows, rival, select), T,
                f"{place}, T = {T:g}", regime=regime, trainer=trainer,
                safeguarded=safe)
                for rival in RIVALS[regime] for T in depths(rows, step)]
    return parts


def figure(df):
    return [
        Panel(f"{place}, {trainer}", "layers T", "mean held-out F - F*",
              [suboptimality(rows, selected(rows, name, select), name)
               for name in NETWORKS])
        for place, rows in problems(df).items()
        for (_, trainer, _), select in TRAINERS.items()]
