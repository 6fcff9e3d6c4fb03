"""A step of 0.6 is better than one of 0.3 after <n> steps & more."""
from ci.claims.claim import Check, Panel, Run, band, where

TITLE = "Bigger <steps>"
SOURCE = "Nobody & sons, 1984"

STEPS = [f"Gradient[step_size={step}]" for step in (0.6, 0.3)]


def runs(full):
    return [Run(["Tiny <ridge>[reg=0.5]"],
                [f"Made-up[n_dim={9 if full else 4}]"], STEPS)]


def check(df):
    big, small = (
        where(df, name)["objective_suboptimality"].iloc[4] for name in STEPS)
    return Check(big < small, {"ratio": big / small, "best": STEPS[0]})


def figure(df):
    return [Panel("Two <steps>", "steps", "F - F*", [
        band(where(df, name), "objective_suboptimality", name)
        for name in STEPS])]
