"""Dictionary learning's Z-step with a trained network reaches a given
objective in less time than with ISTA from zero. The objective: the least that
ISTA from zero ends at, with 10, 20 or 100 iterations a step, whichever is
best. The network's time includes its training."""
import numpy as np

from ci.claim import Check, Curve, Panel, Run, where

TITLE = "Trained networks amortise dictionary learning"
SOURCE = """K. Gregor and Y. LeCun, Learning fast approximations of sparse
coding, ICML 2010; P. Ablin, T. Moreau, M. Massias and A. Gramfort, Learning
step sizes for unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071"""

ISTA = [f"ISTA[n_iter={n},warm_start=False]" for n in (10, 20, 100)]
NETWORK = "Step-LISTA[batch_size=200,max_iter=10,n_layers=10]"
OTHERS = {
    "warm ISTA": "ISTA[n_iter=20,warm_start=True]",
    "FISTA from zero": "FISTA[n_iter=20,warm_start=False]",
    "warm CD": "CD[n_cycles=1]",
    "scikit-learn": "scikit-learn[batch_size=256]",
}
SHARES = 0.5, 0.8, 0.9, 0.95, 0.99, 1.0
"""Of the decrease of F(D) that ISTA from zero reaches."""


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
                [*ISTA, NETWORK, *OTHERS.values()])]


def problems(df):
    """Name -> rows of each data set."""
    return {", ".join(str(v) for v in (
        name.split("[")[0].lower(), rows["p_dataset_images"].iloc[0]
        if name.startswith("Patches") else "planted atoms")): rows
        for name, rows in df.groupby("dataset_name")}


def path(df, solver):
    """Seconds, and the least F(D) reached by then, at each evaluation."""
    rows = where(df, solver)
    return rows["time"].to_numpy(), np.minimum.accumulate(
        rows["objective_value"].to_numpy())


def time_to(df, solver, target):
    """Seconds until F(D) is at most target: first evaluation; inf if never."""
    seconds, value = path(df, solver)
    reached = seconds[value <= target]
    return float(reached[0]) if len(reached) else np.inf


def check(df):
    ends, numbers = {}, {}
    for problem, rows in problems(df).items():
        start = path(rows, NETWORK)[1][0]
        end = min(path(rows, solver)[1][-1] for solver in ISTA)
        for share in SHARES:
            target = start - share * (start - end)
            ista = min(time_to(rows, solver, target) for solver in ISTA)
            ratio = time_to(rows, NETWORK, target) / ista
            numbers[f"network's time / ISTA's to {share:.0%} of ISTA's "
                    f"decrease, {problem}"] = ratio
        ends[problem] = ratio
        for name, solver in OTHERS.items():
            numbers[f"time of {name} / ISTA's to the same end, {problem}"] = (
                time_to(rows, solver, end) / ista)
        trained = where(rows, NETWORK).iloc[-1]
        numbers[f"training's share of the network's time, {problem}"] = (
            trained["objective_train_time_s"] / trained["time"])
        for name, solver in {"network": NETWORK, **OTHERS}.items():
            numbers[f"F(D) at the end of {name} - that of ISTA, {problem}"] = (
                path(rows, solver)[1][-1] - end)
    numbers = {"network's time / ISTA's to where ISTA ends, largest":
               max(ends.values()), **numbers}
    return Check(all(ratio < 1 for ratio in ends.values()), numbers)


def figure(df):
    """F(D) - the least of any solver on that seed, by time."""
    panels = []
    for problem, rows in problems(df).items():
        least = rows.groupby("base_seed")["objective_value"].transform("min")
        rows = rows.assign(objective_value=rows["objective_value"] - least)
        labels = {f"ISTA from zero, {n}": solver
                  for n, solver in zip((10, 20, 100), ISTA, strict=True)}
        labels |= {"Step-LISTA": NETWORK, **OTHERS}
        panels.append(Panel(
            problem, "time, training included [s]",
            "F(D) - least F(D) of any solver",
            [in_time(rows, solver, label)
             for label, solver in labels.items()]))
    return panels


def in_time(df, solver, label):
    """Median and range over the seeds, at ten times a decade."""
    paths = [path(rows, solver) for _, rows in df.groupby("base_seed")]
    first = max(seconds[1] for seconds, _ in paths)
    last = min(seconds[-1] for seconds, _ in paths)
    n_times = 2 + int(10 * np.log10(max(last / first, 1)))
    times = np.geomspace(first, max(last, first), n_times)
    values = np.array([
        value[np.searchsorted(seconds, times, side="right") - 1]
        for seconds, value in paths]).clip(1e-9)
    return Curve(label, times.tolist(), np.median(values, axis=0).tolist(),
                 values.min(axis=0).tolist(), values.max(axis=0).tolist())
