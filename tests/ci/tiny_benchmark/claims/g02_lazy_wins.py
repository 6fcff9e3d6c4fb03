"""Doing nothing is as good as 12 steps."""
from ci.claims.claim import Curve, Panel, Run, by_seed, where
from ci.claims.effects import over_seeds
from ci.claims.parts import RATIO, Part

from .g01_bigger_steps import SOURCE as SOURCE
from .g01_bigger_steps import STEPS
from .g01_bigger_steps import runs as runs_of_steps

TITLE = "Lazy wins"
CHANGES = ""


def runs(full):
    [run] = runs_of_steps(full)
    return [Run(run.objective, run.dataset, ["Lazy", STEPS[0]])]


def check(df):
    lazy, gradient = (
        [rows["objective_value"].iloc[-1]
         for rows in by_seed(where(df, name)).values()]
        for name in ("Lazy", STEPS[0]))
    return [Part("12 steps", "cost of Gradient / of Lazy", over_seeds(
        [g / z for g, z in zip(gradient, lazy, strict=True)], RATIO))]


def figure(df):
    values = [where(rows, "Lazy")["objective_value"].iloc[-1]
              for rows in by_seed(df).values()]
    return [Panel("Lazy", "seed", "cost",
                  [Curve("Lazy", [*range(len(values))], values)], log="")]
