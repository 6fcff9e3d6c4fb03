"""Recurrent momentum acceleration improves learned proximal gradient (LPGD)
and learned primal-dual (LPD) networks on the nonlinear deconvolution: the mean
square error at the last layer is lower, and the more so, the stronger the
nonlinearity a is."""
import numpy as np

from ci.claims.claim import Panel, Run, band, where
from ci.claims.effects import over_seeds, paired, quotients
from ci.claims.parts import EXTENDED, RATIO, STAND_IN, Part

from ._problems import (
    MOMENTUM,
    PLAIN,
    RIVALS,
    RMA,
    SET_UP,
    ZHOU,
    compared,
    labelled,
    last,
    layer_panel,
    networks,
    training_panel,
)

TITLE = "Recurrent momentum pays with nonlinearity"
SOURCE = f"{ZHOU}, nonlinear deconvolution"
CHANGES = f"""{SET_UP} The grid of a, the depth and the number of training
samples of the paper are not in its code: they are the suite's. The authors'
code trains LPGD for 50 epochs in batches of 256, of which an epoch takes 1 %,
and LPD for 20 in batches of 32, of which it takes 25 %; here both have 40
epochs in batches of 32, all taken, and in quick mode 20 in batches of 16. At a
= 0, where the problem is linear, parts are an anchor and do not decide, nor
does the wrong Jacobian of the authors' code, at the largest a of full mode."""

FULL_TRAIN, QUICK_TRAIN = 1000, 200


def chosen(full):
    """The networks, see `networks`."""
    if full:
        return networks({"LPGD": 42, "LPD": 31}, (PLAIN, RMA, MOMENTUM),
                        batch_size=32, epochs=40, hidden=50, max_layers=5,
                        n_recurrent=2)
    return networks({"LPGD": 53}, batch_size=16, epochs=20, hidden=50,
                    max_layers=3, n_recurrent=2)


def dataset(a, full, wrong=False):
    """The deconvolution of strength a, with the authors' Jacobian if wrong."""
    n_train, n_val, n_test = (
        (FULL_TRAIN, 200, 500) if full else (QUICK_TRAIN, 50, 100))
    return (f"Deconvolution[a={a},n_test={n_test},n_train={n_train},"
            f"n_val={n_val},reference_jacobian={wrong}]")


def runs(full):
    found = chosen(full)
    strengths = (0, 1, 2, 4) if full else (0, 1, 4)
    exact = Run(["Nonlinear[max_iter=5]"],
                [dataset(a, full) for a in strengths],
                [*RIVALS, *labelled(found).values()])
    wrong = Run(["Nonlinear[max_iter=5]"], [dataset(4, full, wrong=True)],
                [*labelled(bare(found)).values()])
    return [exact, wrong] if full else [exact]


def bare(found):
    """Of the networks found, the plain ones and those with recurrent
    momentum."""
    return {method: {kind: kinds[kind] for kind in (PLAIN, RMA)}
            for method, kinds in found.items()}


def that_ran(df):
    """The networks of the results."""
    return chosen(df["p_dataset_n_train"].max() == FULL_TRAIN)


def gain(df, kinds):
    """Error of the plain network over that with recurrent momentum, where
    neither has diverged, an array with an entry for each seed."""
    pairs = paired(last(df, kinds[RMA]), last(df, kinds[PLAIN]), "mse",
                   without="diverged")
    rma, plain = np.transpose([[own.mean() for own in pair]
                               for pair in pairs])
    return quotients(plain, rma)


def check(df):
    found = that_ran(df)
    wrong = df["p_dataset_reference_jacobian"].astype(bool)
    by_a = dict(iter(df[~wrong].groupby("p_dataset_a")))
    parts = []
    for a, rows in by_a.items():
        parts += compared(rows, found, f"a = {a:g}",
                          STAND_IN if a else EXTENDED)
    strongest = max(by_a)
    if wrong.any():
        parts += compared(df[wrong], bare(found),
                          f"a = {strongest:g}, the authors' Jacobian",
                          EXTENDED, rivals=())
    for method, kinds in found.items():
        for a, regime in ((1, STAND_IN), (0, EXTENDED)):
            first, final = (gain(by_a[b], kinds) for b in (a, strongest))
            parts.append(Part(
                f"{method}, from a = {a} to {strongest:g}",
                "growth of the gain", over_seeds(
                    quotients(final, first), RATIO),
                regime=regime, safeguarded=False))
    return parts


def figure(df):
    found, strongest = that_ran(df), df["p_dataset_a"].max()
    df = df[~df["p_dataset_reference_jacobian"].astype(bool)]
    ends = df.groupby(["solver_name", "p_dataset_a", "base_seed"]).tail(1)
    by_a = [band(where(ends, selector), "objective_mse", label,
                 x="p_dataset_a")
            for label, selector in (
                {name: name for name in RIVALS}
                | labelled(found)).items()]
    rows, place = df[df["p_dataset_a"] == strongest], f"a = {strongest:g}"
    return [Panel("Error by nonlinearity", "a", "mean square error", by_a,
                  log="y"), training_panel(rows, found, place),
            layer_panel(rows, found, place)]
