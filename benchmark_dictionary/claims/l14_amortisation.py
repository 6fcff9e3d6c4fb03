"""Dictionary learning's Z-step with a trained network reaches 95 % and 99 % of
a given decrease of the objective in less time than with ISTA from zero, and
than with warm coordinate descent and warm active sets, each with the fastest
of its settings. The decrease is the one that ISTA from zero ends at; the
network's time includes its training."""
import numpy as np

from ci.claims.claim import Curve, Panel, Run, by_seed, where
from ci.claims.effects import over_seeds, quotients
from ci.claims.parts import EXTENDED, RATIO, STRONGER, Part
from ci.curves import cost_to_level
from ci.names import class_of

TITLE = "Trained networks amortise dictionary learning"
SOURCE = """K. Gregor and Y. LeCun, Learning fast approximations of sparse
coding, ICML 2010; P. Ablin, T. Moreau, M. Massias and A. Gramfort, Learning
step sizes for unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071. They
ask "can we accelerate ISTA?" and publish no figure of it."""
CHANGES = """Nobody published a set-up: this one is the suite's. The fastest
setting of a method counts, for each target and seed: the network has 10 or 30
layers, ISTA takes 10, 30 or 100 iterations a step, coordinate descent 1 or 5
cycles, and active sets end at a duality gap of 1e-3 or 1e-6. A layer of the
network is safeguarded and run by torch, an iteration of ISTA by numpy: what
counts is the time of both."""

METHODS = {
    "Step-LISTA": [f"Step-LISTA[batch_size=200,max_iter=10,n_layers={n}]"
                   for n in (10, 30)],
    "ISTA from zero": [
        f"ISTA[n_iter={n},warm_start=False]" for n in (10, 30, 100)],
    "warm CD": [f"CD[n_cycles={n}]" for n in (1, 5)],
    "warm active sets": [f"Active-set[tol={tol}]" for tol in (1e-3, 1e-6)],
    "warm ISTA": ["ISTA[n_iter=20,warm_start=True]"],
    "FISTA from zero": ["FISTA[n_iter=20,warm_start=False]"],
    "scikit-learn": ["scikit-learn[batch_size=256]"],
}
"""Name -> selectors of its settings."""
NETWORK, ISTA = METHODS["Step-LISTA"], METHODS["ISTA from zero"]
RIVALS = "ISTA from zero", "warm CD", "warm active sets"
SHARES = 0.95, 0.99
"""Targets, as shares of the decrease of F(D) that ISTA from zero reaches."""


def runs(full):
    if full:
        size, budget = "n_test=1000,n_train=10000", "max_time=30,n_atoms=128"
        data = [f"Patches[images=china,{size},size=8]",
                f"Patches[images=digits,{size},size=6]",
                f"Simulated[density=0.05,n_atoms=128,n_dim=64,{size},"
                "noise=0.1]"]
    else:
        data = ["Patches[images=china,n_test=100,n_train=2000,size=8]"]
        budget = "max_time=3,n_atoms=64"
    return [Run([f"Dictionary learning[{budget},reg=0.1]"], data,
                sum(METHODS.values(), []))]


def problems(df):
    """Map the name of each data set to its rows."""
    return {", ".join(str(v) for v in (
        class_of(name).lower(), rows["p_dataset_images"].iloc[0]
        if name.startswith("Patches") else "planted atoms")): rows
        for name, rows in df.groupby("dataset_name")}


def path(df, solver):
    """Return the times of evaluations [s], and the least F(D) by then."""
    rows = where(df, solver)
    return rows["time"].to_numpy(), np.minimum.accumulate(
        rows["objective_value"].to_numpy())


def time_to(df, solvers, target):
    """Return the seconds until the first solver's F(D) is at most target.

    Evaluations are up to a third of the time apart: between two of them the
    logarithm of F(D) - the least of any solver on that seed is interpolated.
    Infinity if none gets there.
    """
    least = df["objective_value"].min()
    paths = [path(df, solver) for solver in solvers]
    return min(cost_to_level(seconds, value - least, target - least)
               for seconds, value in paths)


def end_of(df, solvers):
    """Return the least F(D) that one of the solvers ends at."""
    return min(path(df, solver)[1][-1] for solver in solvers)


def times(df, share):
    """Return the seconds to a share of ISTA's decrease: the network's, and a
    dict of the rivals'."""
    start = path(df, ISTA[0])[1][0]
    target = start - share * (start - end_of(df, ISTA))
    return time_to(df, NETWORK, target), {
        name: time_to(df, METHODS[name], target) for name in RIVALS}


def check(df):
    parts = []
    for problem, rows in problems(df).items():
        for share in SHARES:
            measured = [times(of, share) for of in by_seed(rows).values()]
            parts += [Part(
                f"{problem}, {share:.0%} of the decrease",
                f"time of {name} / of the network", over_seeds(
                    quotients([theirs[name] for _, theirs in measured],
                              [ours for ours, _ in measured]), RATIO),
                regime=EXTENDED, trainer=STRONGER, safeguarded=True)
                for name in RIVALS]
    return parts


def figure(df):
    """Draw F(D) - the least of any solver on that seed, by time: of a method
    that of the best of its settings by then."""
    panels = []
    for problem, rows in problems(df).items():
        least = rows.groupby("base_seed")["objective_value"].transform("min")
        gap = rows["objective_value"] - least
        # the best solver ends at zero, which a log axis cannot show
        rows = rows.assign(objective_value=gap.clip(gap[gap > 0].min()))
        panels.append(Panel(
            problem, "time, training included [s]",
            "F(D) - least F(D) of any solver",
            [in_time(rows, settings, name)
             for name, settings in METHODS.items()]))
    return panels


def in_time(df, solvers, label):
    """Return the median and range over the seeds of the least value of the
    solvers, at ten times a decade."""
    paths = [[path(rows, solver) for solver in solvers]
             for rows in by_seed(df).values()]
    first = max(seconds[1] for of in paths for seconds, _ in of)
    last = min(max(seconds[-1] for seconds, _ in of) for of in paths)
    n_times = 2 + int(10 * np.log10(max(last / first, 1)))
    times = np.geomspace(first, max(last, first), n_times)
    values = np.array([np.min([
        value[np.searchsorted(seconds, times, side="right") - 1]
        for seconds, value in of], axis=0) for of in paths])
    return Curve(label, times.tolist(), np.median(values, axis=0).tolist(),
                 values.min(axis=0).tolist(), values.max(axis=0).tolist())
