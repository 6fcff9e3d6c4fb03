"""The methods that shapes.py compares, each in a process of its own."""
import multiprocessing
import signal
import time
import warnings

import numpy as np
from batch import GAP, TURN, libraries
from gaussian import make_problems
from sklearn.linear_model import Lasso

from unrolling.lasso import duality_gap, solve_lasso


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
        if at_hand != (n_all, *shape, correlation):
            at_hand = n_all, *shape, correlation
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
