"""LPGD-LISTA, whose prox is a network of its own, needs an accurate inner
prox: it falls behind LPGD-Taut, whose prox is exact, as the layers grow, and
training the inner network helps it."""
from ci.claims.claim import Panel, Run, where
from ci.claims.effects import at, over_seeds
from ci.claims.networks import depths, gap_ratio, has_depth, suboptimality
from ci.claims.parts import PUBLISHED, RATIO, STAND_IN, Part

from ._problems import (
    LEAST_SQUARES,
    PAPER,
    REGS,
    as_published,
    problems,
    simulated,
    tv,
)

TITLE = "A learned prox has to be accurate"
SOURCE = f"{PAPER}, figure of the inner prox's error"
CHANGES = """100 steps of descent, where the authors have 300, and at most 10
layers, where they have 40, stand in for their set-up. As theirs, all start
from x pinv(A)', and inner networks train for as many steps more, from the
trained network of the same depth whose inner network is untrained. The exact
prox has its exact derivative, where theirs is wrong, and the step of descent
grows by 4 after a success, theirs by 8."""


def networks(full):
    """Label -> selector of the networks."""
    T = 10 if full else 3
    taut = as_published("LPGD-Taut", T, 100)
    lista = as_published("LPGD-LISTA", T, 100)
    return {"exact prox": taut} | {
        f"inner network {kind}": lista.replace(
            "[", f"[learn_prox={kind},n_inner=20,")
        for kind in ("none", "per-layer")}


def runs(full):
    return [Run(tv(*REGS, init=LEAST_SQUARES), simulated(full), [
        *networks(full).values()])]


def selectors(df):
    """The networks with which these results were made."""
    return networks(has_depth(df, 10))


def check(df):
    parts = []
    exact, plain, trained = selectors(df).values()
    how = {"regime": STAND_IN, "trainer": PUBLISHED, "safeguarded": False}
    for place, rows in problems(df).items():
        first, *_, T = depths(rows, exact)
        for label, inner in (("untrained", plain), ("trained", trained)):
            parts += [
                gap_ratio(rows, exact, inner, T,
                          f"{place}, T = {T:g}, inner network {label}", **how),
                Part(f"{place}, inner network {label}",
                     f"gap of LPGD-LISTA / of LPGD-Taut, at T = {T:g} / at "
                     f"{first:g}", over_seeds(
                         lag(rows, inner, exact, T)
                         / lag(rows, inner, exact, first), RATIO), **how)]
        parts.append(gap_ratio(
            rows, trained, plain, T,
            f"{place}, T = {T:g}, inner network trained against untrained",
            **how))
    return parts


def lag(df, inner, exact, T):
    """The mean gap of a network over that of the exact prox, by seed."""
    behind, ahead = (at(where(df, name), T).sort_values("base_seed")[
        "objective_suboptimality"].to_numpy() for name in (inner, exact))
    return behind / ahead


def figure(df):
    return [Panel(place, "layers T", "mean held-out P - P*",
                  [suboptimality(rows, name, label)
                   for label, name in selectors(df).items()])
            for place, rows in problems(df).items()]
