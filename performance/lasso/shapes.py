"""The batch solver against the fastest library, on problems of many shapes.

python performance/lasso/shapes.py [--only 2000x500] [--problems 1 10]
    [--regs 0.5 0.1] [--store shapes.json] [--again]

Each line is a number of problems, the shape of their dictionary and a
penalty; all gaps of a line must be at most 1e-6. Every method has a process of
its own, with one thread, whose CPU time counts: the figures bear other
programs on the same machine.

First, the tolerance of each library is halved until the gaps are small enough
(see batch.py). A call that needs more CPU time than the limit, or more than
three times what the fastest library before it took, is cut off. Of 1000
problems, libraries solve the first 5 and the first 20, and the time of all is
extrapolated along a line, which "~" says; if it is below the limit, they solve
all. Then `solve_lasso` and the fastest libraries take turns, and the least
time of each counts. Where all are cut off, the limit stands for the
libraries' time, and the ratio is a lower bound, which ">" says.

The store keeps what is known of each line: a second call goes on where the
first one ended, and measures again, with --again, without calibration.
"""
import argparse
import itertools
import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
               "LOKY_MAX_CPU_COUNT": "1"}  # before numpy is imported

import json
import multiprocessing
import signal
import time
import warnings
from pathlib import Path

import numpy as np
from batch import GAP, libraries
from gaussian import make_problems
from sklearn.linear_model import Lasso

from unrolling.lasso import duality_gap, solve_lasso

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
FEW = 5, 20
TURN = 0.2


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
    parser.add_argument("--calibrate", action="store_true",
                        help="calibrate the libraries only")
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
        if not arguments.calibrate and ("ours" not in known
                                        or arguments.again):
            known |= compare(workers, line, known["peers"], arguments)
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
    best = min(known["peers"].values(), key=lambda peer: peer["seconds"])
    return (f"{label}: solve_lasso {known['ours']:.4g} s, {known['fastest']} "
            f"{known['theirs']:.4g} s, ratio {best['mark']}"
            f"{known['theirs'] / known['ours']:.2f}")


def conclude(store):
    """Print how many lines were measured, and how they are on the whole."""
    ratios = {label: known["theirs"] / known["ours"]
              for label, known in store.items() if "ours" in known}
    if ratios:
        least = min(ratios, key=ratios.get)
        print(f"\n{len(ratios)} lines: least ratio {ratios[least]:.2f} "
              f"({least}), {sum(r < 1 for r in ratios.values())} below 1, "
              "geometric mean "
              f"{np.exp(np.mean(np.log(list(ratios.values())))):.2f}")


def peers():
    """Name -> function (tol, D, x, reg) -> z."""
    chosen = libraries(1)
    return {
        "scikit-learn": chosen["scikit-learn, all targets in one call"],
        "scikit-learn without Gram": without_gram,
        "sparse_encode": chosen["sparse_encode cd"],
        "celer": chosen["celer"],
    }


def without_gram(tol, D, x, reg):
    lasso = Lasso(alpha=reg / len(D), fit_intercept=False, tol=tol,
                  max_iter=100_000)
    return np.atleast_2d(lasso.fit(D, x.T).coef_)


def calibrate(worker, line, others, limit):
    """Tolerance, seconds of a call and gap of a library; how it is known."""
    n_samples = line[0]
    limit = min([limit] + [1 + 3 * peer["seconds"]
                           for peer in others.values() if not peer["mark"]])
    tol, gap = 2 * GAP, np.inf
    while gap > GAP:
        tol /= 2
        answer = worker.ask((min(FEW[1], n_samples), line, tol, limit))
        if answer is None:
            return {"tol": tol, "seconds": limit, "mark": ">"}
        seconds, gap = answer
        if gap > GAP and tol < 1e-9:  # it does not heed the tolerance
            return {"tol": tol, "seconds": float("inf"), "mark": "not solved"}
    peer = {"tol": tol, "seconds": seconds, "mark": ""}
    if n_samples > FEW[1]:
        peer |= {"seconds": extrapolate(worker, line, tol), "mark": "~"}
        if peer["seconds"] < limit:
            answer = worker.ask((n_samples, line, tol, 3 * limit))
            if answer is not None and answer[1] <= GAP:
                peer |= {"seconds": answer[0], "mark": ""}
    return peer


def extrapolate(worker, line, tol):
    """Seconds for all problems, along a line through FEW of them."""
    few, more = (worker.ask((n, line, tol, None))[0] for n in FEW)
    return more + (line[0] - FEW[1]) * max(0, more - few) / (FEW[1] - FEW[0])


def compare(workers, line, peers, arguments):
    """The least times of ours and of the fastest library, in turn."""
    ours, theirs = np.inf, {name: np.inf for name in peers}
    least = min(peer["seconds"] for peer in peers.values())
    close = [name for name, peer in peers.items()
             if peer["seconds"] <= 1.5 * least]
    for _ in range(arguments.turns):
        seconds, gap = workers["solve_lasso"].ask((line[0], line, GAP, None))
        if not gap <= GAP:
            raise RuntimeError(f"solve_lasso left a gap of {gap:.1e}")
        ours = min(ours, seconds)
        for name in close:
            peer = peers[name]
            if peer["mark"] == "~":
                seconds = extrapolate(workers[name], line, peer["tol"])
            elif peer["mark"] == "":
                seconds = workers[name].ask(
                    (line[0], line, peer["tol"], None))[0]
            else:
                seconds = peer["seconds"]
            theirs[name] = min(theirs[name], seconds)
        if max(ours, min(theirs.values()) / ours) > 20:
            break  # long, or no close race: once is enough
    fastest = min(theirs, key=theirs.get)
    return {"ours": ours, "fastest": fastest, "theirs": theirs[fastest]}


class Worker:
    """A process that runs one method, and is ended where it takes too long."""

    def __init__(self, name):
        self.name, self.process = name, None

    def start(self):
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=work, args=(self.name, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.pipe.recv()

    def ask(self, question):
        """CPU seconds of a call and largest gap; None if it was cut off."""
        if self.process is None:
            self.start()
        self.pipe.send(question)
        try:
            return self.pipe.recv()
        except EOFError:
            self.stop()
            return None

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.join()
            self.process = None


def work(name, pipe):
    """Answer what a `Worker` is asked: the first n problems of a line."""
    method = (peers() | {"solve_lasso": lambda tol, *p: solve_lasso(*p, tol).z}
              )[name]
    warnings.simplefilter("ignore")
    method(GAP, *make_problems(4, 3, 5), 0.1)  # compiles
    pipe.send("ready")
    at_hand = None
    while True:
        n_samples, (n_all, *shape, correlation, reg), tol, limit = pipe.recv()
        if at_hand != (n_all, *shape):
            at_hand = n_all, *shape
            D, x = make_problems(n_all, *shape, correlation=correlation)
        part, times = np.ascontiguousarray(x[:n_samples]), []
        while sum(times) < TURN:
            signal.setitimer(signal.ITIMER_PROF, limit or 0)  # SIGPROF ends us
            start = time.process_time()
            z = method(tol, D, part, reg)
            times.append(time.process_time() - start)
            signal.setitimer(signal.ITIMER_PROF, 0)
        gap = duality_gap(np.atleast_2d(z), D, part, reg).max()
        pipe.send((float(np.mean(times)), float(gap)))


if __name__ == "__main__":
    main()
