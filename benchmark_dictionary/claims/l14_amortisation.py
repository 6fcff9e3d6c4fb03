"""Dictionary learning's Z-step with a trained network reaches a given
objective in less time than with ISTA from zero. The objective is the least
that ISTA from zero ends at, with 10, 30 or 100 iterations a step; the times
are those of the best of these and of networks with 10 or 30 layers. The
network's time includes its training."""
import numpy as np

from ci.claims.claim import Check, Curve, Panel, Run, where

TITLE = "Trained networks amortise dictionary learning"
SOURCE = """K. Gregor and Y. LeCun, Learning fast approximations of sparse
coding, ICML 2010; P. Ablin, T. Moreau, M. Massias and A. Gramfort, Learning
step sizes for unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071"""

ISTA = [f"ISTA[n_iter={n},warm_start=False]" for n in (10, 30, 100)]
NETWORKS = [f"Step-LISTA[batch_size=200,max_iter=10,n_layers={n}]"
            for n in (10, 30)]
OTHERS = {
    "warm ISTA": "ISTA[n_iter=20,warm_start=True]",
    "FISTA from zero": "FISTA[n_iter=20,warm_start=False]",
    "warm CD": "CD[n_cycles=1]",
    "warm active sets": "Active-set[tol=1e-06]",
    "scikit-learn": "scikit-learn[batch_size=256]",
}
SHARES = 0.5, 0.8, 0.9, 0.95, 0.99, 1.0
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
                [*ISTA, *NETWORKS, *OTHERS.values()])]


def problems(df):
    """Map the name of each data set to its rows."""
    return {", ".join(str(v) for v in (
        name.split("[")[0].lower(), rows["p_dataset_images"].iloc[0]
        if name.startswith("Patches") else "planted atoms")): rows
        for name, rows in df.groupby("dataset_name")}


def path(df, solver):
    """Return the times of evaluations [s], and the least F(D) by then."""
    rows = where(df, solver)
    return rows["time"].to_numpy(), np.minimum.accumulate(
        rows["objective_value"].to_numpy())


def time_to(df, solvers, target):
    """Return the seconds until the first solver's F(D) is at most target.

    This is the time of an evaluation; infinity if no solver gets there.
    """
    paths = [path(df, solver) for solver in solvers]
    return float(min(seconds[value <= target].min(initial=np.inf)
                     for seconds, value in paths))


def end_of(df, solvers):
    """Return the least F(D) that one of the solvers ends at."""
    return min(path(df, solver)[1][-1] for solver in solvers)


def check(df):
    ends, numbers = {}, {}
    for problem, rows in problems(df).items():
        start = path(rows, ISTA[0])[1][0]
        end = end_of(rows, ISTA)
        for share in SHARES:
            target = start - share * (start - end)
            ista = time_to(rows, ISTA, target)
            ratio = time_to(rows, NETWORKS, target) / ista
            numbers[f"network's time / ISTA's to {share:.0%} of ISTA's "
                    f"decrease, {problem}"] = ratio
        ends[problem] = ratio
        for name, solver in OTHERS.items():
            numbers[f"time of {name} / ISTA's to the same end, {problem}"] = (
                time_to(rows, [solver], end) / ista)
        trained = where(rows, NETWORKS[0]).iloc[-1]
        numbers[f"training's share of the time of 10 layers, {problem}"] = (
            trained["objective_train_time_s"] / trained["time"])
        for name, solvers in {"network": NETWORKS, **{
                name: [solver] for name, solver in OTHERS.items()}}.items():
            numbers[f"F(D) at the end of {name} - that of ISTA, {problem}"] = (
                end_of(rows, solvers) - end)
    numbers = {"network's time / ISTA's to where ISTA ends, largest":
               max(ends.values()), **numbers}
    return Check(all(ratio < 1 for ratio in ends.values()), numbers)


def figure(df):
    """Draw F(D) - the least of any solver on that seed, by time."""
    panels = []
    for problem, rows in problems(df).items():
        least = rows.groupby("base_seed")["objective_value"].transform("min")
        gap = rows["objective_value"] - least
        # the best solver ends at zero, which a log axis cannot show
        rows = rows.assign(objective_value=gap.clip(gap[gap > 0].min()))
        labels = {f"ISTA from zero, {n}": solver
                  for n, solver in zip((10, 30, 100), ISTA, strict=True)}
        labels |= {f"Step-LISTA, {n}": solver
                   for n, solver in zip((10, 30), NETWORKS, strict=True)}
        labels |= OTHERS
        panels.append(Panel(
            problem, "time, training included [s]",
            "F(D) - least F(D) of any solver",
            [in_time(rows, solver, label)
             for label, solver in labels.items()]))
    return panels


def in_time(df, solver, label):
    """Return the median and range over the seeds, at ten times a decade."""
    paths = [path(rows, solver) for _, rows in df.groupby("base_seed")]
    first = max(seconds[1] for seconds, _ in paths)
    last = min(seconds[-1] for seconds, _ in paths)
    n_times = 2 + int(10 * np.log10(max(last / first, 1)))
    times = np.geomspace(first, max(last, first), n_times)
    values = np.array([
        value[np.searchsorted(seconds, times, side="right") - 1]
        for seconds, value in paths])
    return Curve(label, times.tolist(), np.median(values, axis=0).tolist(),
                 values.min(axis=0).tolist(), values.max(axis=0).tolist())
