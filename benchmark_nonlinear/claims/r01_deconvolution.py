"""Recurrent momentum acceleration improves learned proximal gradient (LPGD)
and learned primal-dual (LPD) networks on the nonlinear deconvolution: the mean
square error at the last layer is lower, and the more so, the stronger the
nonlinearity a is."""
import numpy as np

from ci.claims.claim import Panel, Run, band, where
from ci.claims.effects import over_seeds, paired, quotients
from ci.claims.parts import EXTENDED, PUBLISHED, RATIO, Part

from ._problems import (
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
epochs in batches of 32, all taken, and in quick mode 20 in batches of 16. At
a = 0, where the problem is linear, parts are an anchor and do not decide."""

FULL_TRAIN, QUICK_TRAIN = 1000, 200


def chosen(full):
    """The networks, see `networks`."""
    if full:
        return networks({"LPGD": 42, "LPD": 31}, batch_size=32, epochs=40,
                        hidden=50, max_layers=5, n_recurrent=2)
    return networks({"LPGD": 53}, batch_size=16, epochs=20, hidden=50,
                    max_layers=3, n_recurrent=2)


def dataset(a, full):
    """The deconvolution of strength a."""
    n_train, n_val, n_test = (
        (FULL_TRAIN, 200, 500) if full else (QUICK_TRAIN, 50, 100))
    return (f"Deconvolution[a={a},n_test={n_test},n_train={n_train},"
            f"n_val={n_val}]")


def runs(full):
    return [Run(["Nonlinear[max_iter=5]"],
                [dataset(a, full) for a in ((0, 1, 2, 4) if full
                                            else (0, 1, 4))],
                [*RIVALS, *labelled(chosen(full)).values()])]


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
    found, by_a = that_ran(df), dict(iter(df.groupby("p_dataset_a")))
    parts = []
    for a, rows in by_a.items():
        parts += compared(rows, found, f"a = {a:g}",
                          **({} if a else {"regime": EXTENDED}))
    strongest = max(by_a)
    for method, kinds in found.items():
        for a, regime in ((1, {}), (0, {"regime": EXTENDED})):
            first, final = (gain(by_a[b], kinds) for b in (a, strongest))
            parts.append(Part(
                f"{method}, from a = {a} to {strongest:g}",
                "growth of the gain, or the last gain if that is less",
                over_seeds(
                    np.minimum(final, quotients(final, first)), RATIO),
                trainer=PUBLISHED, safeguarded=False, **regime))
    return parts


def figure(df):
    found, strongest = that_ran(df), df["p_dataset_a"].max()
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
