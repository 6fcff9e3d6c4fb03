"""The batch solver against the fastest library, on problems of many shapes.

python performance/lasso/shapes.py [--only 2000x500] [--problems 1 10]
    [--regs 0.5 0.1] [--store shapes.json] [--again]

Each line is a number of problems, the shape of their dictionary and a
penalty; all gaps of a line must be at most 1e-6. Every method has a process of
its own, with one thread, whose CPU time counts: the figures bear other
programs on the same machine.

First, the tolerance of each library is halved until the gaps are small enough
(see batch.py). A call that needs more CPU time than the limit, or than 1.5
times what the fastest library before it took and a second, is cut off. Where
there are more than 10 problems, libraries solve as many as half the limit
holds, 2 to 10, and a quarter of them; the time of all is extrapolated along a
line, which "~" says. If it is below four times the limit, they solve all. Then
`solve_lasso` and the fastest libraries take turns, and the least time of each
counts. Where all are cut off, the ratio is a lower bound, which ">" says: the
limit for each problem. `solve_lasso` compiles what a line needs before its
time counts; where 20 problems and 5 say that all would take more than a
minute, its time is extrapolated, too.

The store keeps what is known of each line: a second call goes on where the
first one ended, and measures again, with --again, without calibration.
"""
import argparse
import itertools
import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
               "LOKY_MAX_CPU_COUNT": "1"}  # before numpy is imported

import json
from pathlib import Path

import numpy as np
from batch import GAP
from contestants import Worker, peers

SHAPES = {
    # n_dim, n_atoms, correlation of neighbouring atoms
    "64x256": (64, 256, 0),
    "500x5000": (500, 5000, 0),
    "100x8000": (100, 8000, 0),
    "100x50000": (100, 50_000, 0),
    "2000x500": (2000, 500, 0),
    "2000x2000": (2000, 2000, 0),
    "20000x300": (20_000, 300, 0),
    "toeplitz 500x2000": (500, 2000, 0.99),
}
N_SAMPLES = [1, 10, 1000]
REGS = [0.5, 0.1, 1e-3]
FEW = 20
"""Problems from which the time of `solve_lasso` on many is extrapolated."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="",
                        help="lines that contain this, '2000x500' for example")
    parser.add_argument("--problems", type=int, nargs="+", default=N_SAMPLES)
    parser.add_argument("--regs", type=float, nargs="+", default=REGS)
    parser.add_argument("--limit", type=float, default=10,
                        help="CPU seconds that a call of a library may take")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--store", type=Path, default=Path("shapes.json"))
    parser.add_argument("--again", action="store_true",
                        help="measure lines that are in the store, too")
    arguments = parser.parse_args()
    workers = {name: Worker(name) for name in ["solve_lasso", *peers()]}
    store = read(arguments.store)
    for shape, n_samples, reg in itertools.product(
            SHAPES, arguments.problems, arguments.regs):
        label = f"{shape}, {n_samples} problems, reg={reg}"
        if arguments.only not in label:
            continue
        line, known = (n_samples, *SHAPES[shape], reg), store.get(label, {})
        if "peers" not in known:
            known["peers"] = {}
            for name in peers():
                known["peers"][name] = calibrate(
                    workers[name], line, known["peers"], arguments.limit)
        if "ours" not in known or arguments.again:
            known |= compare(
                workers, line, known["peers"], arguments.turns)
            print(summary(label, known), flush=True)
        store[label] = known
        write(arguments.store, store)
    for worker in workers.values():
        worker.stop()
    conclude(store)


def read(path):
    return json.loads(path.read_text()) if path.exists() else {}


def write(path, store):
    new = path.with_suffix(".new")
    new.write_text(json.dumps(store, indent=1))
    new.replace(path)


def summary(label, known):
    return (f"{label}: solve_lasso {known['ours']:.4g} s, {known['fastest']} "
            f"{known['theirs']:.4g} s, ratio {known['mark']}"
            f"{known['theirs'] / known['ours']:.2f}")


def conclude(store):
    """Print how many lines were measured, and how they are on the whole."""
    ratios = {label: known["theirs"] / known["ours"]
              for label, known in store.items() if "ours" in known}
    if ratios:
        least = min(ratios, key=ratios.get)
        mean = np.exp(np.mean(np.log(list(ratios.values()))))
        print(f"\n{len(ratios)} lines: least ratio {ratios[least]:.2f} "
              f"({least}), {sum(r < 1 for r in ratios.values())} below 1, "
              f"geometric mean {mean:.2f}")


def calibrate(worker, line, others, limit):
    """Tolerance and seconds of a library, from how many problems, and what
    is to be said of it."""
    n_samples = line[0]
    fastest = min((peer["seconds"] for peer in others.values()
                   if peer["mark"] in ("", "~")), default=np.inf)

    def bound(n):
        return min(limit, 1 + 1.5 * fastest * n / n_samples)

    tol, gap, few = GAP, np.inf, 1
    while gap > GAP:
        answer = worker.ask((few, line, tol, bound(few)))
        if answer is None:
            return {"tol": tol, "few": few, "mark": ">",
                    "seconds": bound(few) * n_samples / few}
        seconds, gap = answer
        if few == 1 < n_samples:  # how many problems the limit holds
            few = min(n_samples, 10, max(2, int(limit / (2 * seconds))))
            gap = np.inf
        elif gap > GAP:
            tol /= 2
        if tol < 1e-9:  # it does not heed the tolerance
            return {"tol": tol, "few": few, "mark": "not solved",
                    "seconds": np.inf}
    peer = {"tol": tol, "few": few, "mark": "", "seconds": seconds}
    if few < n_samples:
        peer["seconds"] = extrapolate(worker, line, tol, few)
        peer["mark"] = "~"
        if peer["seconds"] < 4 * limit:
            answer = worker.ask((n_samples, line, tol, 8 * limit))
            if answer is not None and answer[1] <= GAP:
                peer |= {"seconds": answer[0], "mark": ""}
    return peer


def extrapolate(worker, line, tol, few, turns=3):
    """Seconds for all problems, along a line through few and fewer: through
    the least times of each, as the line magnifies what disturbs them."""
    fewer = max(1, few // 4)
    less, more = (
        min(worker.ask((n, line, tol, None))[0] for _ in range(turns))
        for n in (fewer, few))
    return more + (line[0] - few) * max(0, more - less) / (few - fewer)


def compare(workers, line, peers, turns):
    """The least times of ours and of the fastest library, in turn."""
    ours, theirs = np.inf, {}
    least = min(peer["seconds"] for peer in peers.values())
    close = {name: peer for name, peer in peers.items()
             if peer["seconds"] <= 1.5 * least}
    few = min(line[0], FEW)
    workers["solve_lasso"].ask((few, line, GAP, None))  # compiles
    for _ in range(turns):
        ours = min(ours, time_ours(workers["solve_lasso"], line))
        for name, peer in close.items():
            seconds = peer["seconds"]
            if peer["mark"] == "":
                seconds = workers[name].ask(
                    (line[0], line, peer["tol"], None))[0]
            theirs[name] = min(theirs.get(name, np.inf), seconds)
        if ours > 5 or min(theirs.values()) / ours > 20:
            break  # long, or no close race: once is enough
    fastest = min(theirs, key=theirs.get)
    return {"ours": ours, "fastest": fastest, "theirs": theirs[fastest],
            "mark": peers[fastest]["mark"]}


def time_ours(worker, line):
    """Seconds of `solve_lasso`, extrapolated where all take over a minute."""
    n_samples = line[0]
    if n_samples > FEW:
        seconds = extrapolate(worker, line, GAP, FEW, turns=1)
        if seconds > 60:
            return seconds
    seconds, gap = worker.ask((n_samples, line, GAP, None))
    if not gap <= GAP:
        raise RuntimeError(f"solve_lasso left a gap of {gap:.1e}")
    return seconds


if __name__ == "__main__":
    main()
