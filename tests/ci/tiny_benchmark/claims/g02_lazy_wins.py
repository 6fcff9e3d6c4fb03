"""Doing nothing is as good as 12 steps."""
from ci.claims.claim import Check, Curve, Panel, Run, by_seed, where

from .g01_bigger_steps import SOURCE as SOURCE
from .g01_bigger_steps import STEPS
from .g01_bigger_steps import runs as runs_of_steps

TITLE = "Lazy wins"


def runs(full):
    [run] = runs_of_steps(full)
    return [Run(run.objective, run.dataset, ["Lazy", STEPS[0]])]


def check(df):
    lazy, gradient = (where(df, name)["objective_value"].iloc[-1]
                      for name in ("Lazy", STEPS[0]))
    return Check(lazy <= gradient, {"Lazy's cost - Gradient's":
                                    lazy - gradient})


def figure(df):
    values = [where(rows, "Lazy")["objective_value"].iloc[-1]
              for rows in by_seed(df).values()]
    return [Panel("Lazy", "seed", "cost",
                  [Curve("Lazy", [0, 1, 2], values)], log="")]
