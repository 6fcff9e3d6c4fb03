"""As its temperature tau tends to 0, the update of Lagrangian proximal
gradient descent tends to the true gradient: its relative error falls a
hundredfold from tau = 1 to 0.001."""
import numpy as np

from ci.claims.claim import Curve, Panel, Run, where
from ci.claims.effects import at, over_seeds, quotients
from ci.claims.parts import EXTENDED, RATIO, Part

from ._layers import PAULUS, VARIANTS, errors, lpgd, simplex

TITLE = "LPGD tends to the gradient as tau does to 0"
SOURCE = f"{PAULUS}, theorem on the limit of the update"
CHANGES = """The theorem asks for a derivative; the hundredfold fall over a
thousandfold smaller tau, that of an error between first order and its square
root, is the suite's reading, and so are the orders: 1 for lower and upper, 2
for average, on the entropy layer, whose solutions are smooth in tau. The other
layers are piecewise linear: once no sample of the batch changes its face, the
update is exact, and errors count as 1e-9, about what rounding leaves at tau =
0.001."""

TAUS = 1.0, 0.1, 0.01, 0.001
FLOOR = 1e-9
FALL = 100
ORDERS = {"lower": 0.9, "upper": 0.9, "average": 1.8}
"""The bars of the fitted orders: nine tenths of 1 and of 2."""
SMOOTH = simplex(1.0, "entropy")
PLACES = {
    SMOOTH: "entropy", simplex(1.0): "simplex, gamma = 1",
    simplex(0.01): "simplex, gamma = 0.01, derivative vanishes",
    "Weighted-l1[weight=0.4]": "l1 weights",
}


def fixed(variant, tau):
    """LPGD with a tau; what follows its step is not looked at."""
    return lpgd(variant, tau=tau, step_size=1.0)


def runs(full):
    return [Run(["Layer[max_iter=1]"], [*PLACES],
                [fixed(variant, tau) for variant in VARIANTS for tau in TAUS],
                10 if full else 5)]


def fall(rows, place, variant):
    """The part that divides the error at the largest tau by the last."""
    first, last = (errors(rows, fixed(variant, tau), FLOOR)
                   for tau in (TAUS[0], TAUS[-1]))
    return Part(place, f"error of LPGD ({variant}) at tau = {TAUS[0]:g} / at "
                f"{TAUS[-1]:g}", over_seeds(quotients(first, last), RATIO),
                FALL)


def order(rows, variant):
    """The part of the fitted order in tau, from 0.1 on."""
    logs = np.log([errors(rows, fixed(variant, tau)) for tau in TAUS[1:]])
    slopes = np.polyfit(np.log(TAUS[1:]), logs, 1)[0]
    return Part("entropy", f"order in tau of the error of LPGD ({variant})",
                over_seeds(slopes), ORDERS[variant], regime=EXTENDED)


def seen(rows, tau):
    """The share of samples whose update is not 0, of each seed, an array."""
    rows = at(where(rows, fixed("lower", tau)), 0).sort_values("base_seed")
    return rows["objective_informed"].to_numpy()


def check(df):
    places = {name: where(df, dataset=selector)
              for selector, name in PLACES.items()}
    parts = [fall(rows, place, variant) for place, rows in places.items()
             for variant in VARIANTS]
    parts += [order(places["entropy"], variant) for variant in VARIANTS]
    for place in list(PLACES.values())[1:3]:
        lost = seen(places[place], TAUS[0]) - seen(places[place], TAUS[-1])
        parts.append(Part(
            place, "share of samples with an update, tau = 1 minus 0.001",
            over_seeds(lost), regime=EXTENDED))
    return parts


def figure(df):
    panels = []
    for selector, name in PLACES.items():
        rows, curves = where(df, dataset=selector), []
        for variant in VARIANTS:
            values = [errors(rows, fixed(variant, tau), FLOOR)
                      for tau in TAUS]
            curves.append(Curve(
                f"LPGD ({variant})", [*TAUS],
                [float(np.median(v)) for v in values],
                [float(v.min()) for v in values],
                [float(v.max()) for v in values]))
        panels.append(Panel(name, "tau", "relative error", curves))
    return panels
