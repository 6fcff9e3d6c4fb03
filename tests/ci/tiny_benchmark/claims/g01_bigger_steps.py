"""A step of 0.6 is better than one of 0.3 after <n> steps & more."""
from ci.claims.claim import Panel, Run, band, by_seed, where
from ci.claims.effects import over_seeds
from ci.claims.parts import RATIO, Part

TITLE = "Bigger <steps>"
SOURCE = "Nobody & sons, 1984"
CHANGES = "Made <up> & small."

STEPS = [f"Gradient[step_size={step}]" for step in (0.6, 0.3)]


def runs(full):
    return [Run(["Tiny <ridge>[reg=0.5]"],
                [f"Made-up[n_dim={9 if full else 4}]"], STEPS)]


def check(df):
    big, small = (
        [rows["objective_suboptimality"].iloc[4]
         for rows in by_seed(where(df, name)).values()] for name in STEPS)
    ratios = [b / a for a, b in zip(big, small, strict=True)]
    return [Part("4 <steps>", "gap of 0.3 / of 0.6",
                 over_seeds(ratios, RATIO, seeds=len(ratios)))]


def figure(df):
    return [Panel("Two <steps>", "steps", "F - F*", [
        band(where(df, name), "objective_suboptimality", name)
        for name in STEPS])]
