"""The batch solver against the fastest library, on problems of many shapes.

python performance/lasso/shapes.py [--only 2000x500] [--problems 1 10]
    [--regs 0.5 0.1] [--limit 20]

Each line is a number of problems, the shape of their dictionary and a
penalty. Every method has a process of its own and its tolerance is halved
until all the gaps of a line are at most 1e-6 (see batch.py); the methods then
take turns. A library that needs longer than the limit for one call is cut
off, and the limit stands for its time: if that is the least time of the
libraries, the ratio is a lower bound, which ">" says.
"""
import argparse
import itertools
import multiprocessing
import time
import warnings

import numpy as np
from batch import GAP, calibrate, libraries, turn
from gaussian import make_problems
from joblib import cpu_count
from sklearn.linear_model import Lasso

from unrolling.lasso import solve_lasso

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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="",
                        help="lines that contain this, '2000x500' for example")
    parser.add_argument("--problems", type=int, nargs="+", default=N_SAMPLES)
    parser.add_argument("--regs", type=float, nargs="+", default=REGS)
    parser.add_argument("--limit", type=float, default=20,
                        help="seconds that one call of a library may take")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--alone", action="store_true",
                        help="time solve_lasso only")
    arguments = parser.parse_args()
    names = ["solve_lasso", *([] if arguments.alone else peers())]
    workers = {name: Worker(name) for name in names}
    ratios = []
    for shape, n_samples, reg in itertools.product(
            SHAPES, arguments.problems, arguments.regs):
        label = f"{shape}, {n_samples} problems, reg={reg}"
        if arguments.only in label:
            line = (n_samples, *SHAPES[shape], reg)
            ratios.append(compare(label, workers, line, arguments))
    for worker in workers.values():
        worker.stop()
    if ratios and not arguments.alone:
        print(f"\n{len(ratios)} lines: least ratio {min(ratios):.2f}, "
              f"geometric mean {np.exp(np.mean(np.log(ratios))):.2f}")


def peers():
    """Name -> function (tol, D, x, reg) -> z."""
    chosen = libraries(cpu_count())
    kept = [name for name in chosen
            if name.startswith(("scikit-learn", "celer", "sparse_encode cd"))]
    return {name: chosen[name] for name in kept} | {
        "scikit-learn without Gram": without_gram}


def without_gram(tol, D, x, reg):
    lasso = Lasso(alpha=reg / len(D), fit_intercept=False, tol=tol,
                  max_iter=100_000)
    return np.atleast_2d(lasso.fit(D, x.T).coef_)


def compare(label, workers, line, arguments):
    """Calibrate and time the methods on a line; print it, give its ratio."""
    seconds, notes = {}, {}
    for name, worker in workers.items():
        limit = arguments.limit if name != "solve_lasso" else 600
        answer = worker.ask(("calibrate", line), limit)
        gap, seconds[name] = answer or (np.nan, limit)
        if answer is None:
            notes[name] = "cut off"
        elif gap > GAP:
            seconds[name], notes[name] = np.inf, f"gap {gap:.1e}"
    for _ in range(arguments.turns):
        fastest = min((seconds[name] for name in seconds
                       if name != "solve_lasso"), default=np.inf)
        for name in workers:
            if name not in notes and (
                    name == "solve_lasso" or seconds[name] < 3 * fastest):
                seconds[name] = min(seconds[name], workers[name].ask("turn"))
    ours = seconds.pop("solve_lasso")
    print(f"{label}: solve_lasso {ours:.4f} s {notes.get('solve_lasso', '')}",
          end="")
    if not seconds:
        print(flush=True)
        return np.nan
    best = min(seconds, key=seconds.get)
    ratio = seconds[best] / ours
    print(f", {best} {seconds[best]:.4f} s, ratio "
          f"{'>' if best in notes else ''}{ratio:.2f}")
    print("   " + ", ".join(f"{name} {time:.4g} {notes.get(name, '')}".strip()
                            for name, time in seconds.items()), flush=True)
    return ratio


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
        self.pipe.recv()

    def ask(self, question, limit=None):
        """The answer, or None if one call takes longer than the limit."""
        if self.process is None:
            self.start()
        self.pipe.send(question)
        while True:
            if not self.pipe.poll(limit):
                self.stop()
                return None
            answer = self.pipe.recv()
            if answer != "call":
                return answer

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.join()
            self.process = None


def work(name, pipe):
    """Answer what a `Worker` is asked; each call of a method is announced."""
    methods = peers() | {"solve_lasso": lambda tol, *p: solve_lasso(*p, tol).z}
    method = methods[name]
    calls = []

    def solve(*arguments):
        pipe.send("call")
        start = time.perf_counter()
        z = np.atleast_2d(method(*arguments))
        calls.append(time.perf_counter() - start)
        return z

    with warnings.catch_warnings(action="ignore"):
        method(GAP, *make_problems(4, 3, 5), 0.1)  # compiles
    pipe.send("ready")
    tol = problem = None
    while True:
        question = pipe.recv()
        if question == "turn":
            pipe.send(float(np.mean(turn(method, tol, problem))))
        else:
            n_samples, n_dim, n_atoms, correlation, reg = question[1]
            problem = (*make_problems(n_samples, n_dim, n_atoms,
                                      correlation=correlation), reg)
            tol, gap = calibrate(solve, problem)
            pipe.send((float(gap), calls[-1]))


if __name__ == "__main__":
    main()
