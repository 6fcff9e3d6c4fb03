"""Work shared out to threads, and libraries kept from starting their own."""
import os
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager

import scipy.linalg  # noqa: F401, so that its BLAS is limited, too
from joblib import cpu_count
from threadpoolctl import ThreadpoolController

N_THREADS = cpu_count()
"""Cores that the process may use, as joblib counts them, on import."""


class Helpers:
    """Threads that wait for work: to start one takes 0.1 ms, in which a batch
    of short signals is half done."""

    MOST = 1024
    """They are started when there is work and none of them is free."""

    def __init__(self):
        self.start()
        os.register_at_fork(after_in_child=self.start)

    def start(self):
        """Begin anew, as in a forked process, which has no other threads."""
        self.pool = ThreadPoolExecutor(self.MOST, "unrolling")


helpers = Helpers()


def share_out(function, items, n_threads=N_THREADS):
    """Call function(item) for each item, on the calling thread and others.

    After an error, which is raised, the other threads end with the items that
    they have begun.

    Parameters
    ----------
    function : callable
    items : sequence
    n_threads : int
    """
    n_others = max(0, min(n_threads, len(items)) - 1)
    if not n_others:
        for item in items:
            function(item)
        return
    items = iter(items)

    def work():
        try:
            for item in items:
                function(item)
        finally:
            list(items)

    others = [helpers.pool.submit(work) for _ in range(n_others)]
    try:
        work()
    finally:  # no item is left for a helper that has not begun
        others = [other for other in others if not other.cancel()]
        wait(others)
    for other in others:
        other.result()


def mapped(function, items, n_threads):
    """[function(item) for each item], in order; see `share_out`."""
    results = [None] * len(items)

    def work(i):
        results[i] = function(items[i])

    share_out(work, range(len(items)), n_threads)
    return results


def slices(n, size):
    """Slices of range(n), in order, each of `size` but the last."""
    return [slice(start, start + size) for start in range(0, n, size)]


def unlocked_after_fork(lock):
    """Let no fork happen while a thread holds the lock: in the child, which
    has no such thread, it would be held for good."""
    os.register_at_fork(before=lock.acquire, after_in_parent=lock.release,
                        after_in_child=lock.release)


class OneBlasThread:
    """A context in which products of numpy and scipy use one thread.

    It limits the BLAS libraries that are loaded when this module is imported,
    numpy's and scipy's among them.

    The number of threads belongs to the process. Several threads may be
    inside at once, and a thread may enter again: the first that enters sets
    the number to one, and the last that leaves restores it.
    """

    def __init__(self):
        self.libraries = ThreadpoolController().select(user_api="blas")
        self.lock = threading.Lock()
        self.n_inside = 0
        self.before = {}
        unlocked_after_fork(self.lock)

    def __enter__(self):
        with self.lock:
            if self.n_inside == 0:
                self.before = {
                    library: library.get_num_threads()
                    for library in self.libraries.lib_controllers}
                self._set(dict.fromkeys(self.before, 1))
            self.n_inside += 1

    def __exit__(self, *error):
        with self.lock:
            self.n_inside -= 1
            if self.n_inside == 0:
                self._set(self.before)

    def _set(self, numbers):
        """Set the number of threads of each library, from any thread.

        From 3.8 on, threadpoolctl lets only the first that set the number of
        threads of OpenBLAS do so, unless it is disowned.
        """
        for library, number in numbers.items():
            if self.before[library] == 1:
                continue  # nothing to set or to restore
            if hasattr(library, "clear_controlling_thread"):
                library.clear_controlling_thread(force=True)
            library.set_num_threads(number)
            if hasattr(library, "clear_controlling_thread"):
                library.clear_controlling_thread(force=True)


one_blas_thread = OneBlasThread()


class _TorchThreads(threading.local):
    """What `one_torch_thread` knows: of this thread, and of the process."""

    inside = False
    lock = threading.Lock()
    n_inside = 0
    before = None


_torch_threads = _TorchThreads()
unlocked_after_fork(_TorchThreads.lock)


@contextmanager
def one_torch_thread():
    """Keep torch's operators on their thread: this one, or one started here.

    Gives the number of threads that they had before, or one where this thread
    is inside already. Several threads may be inside at once: each that leaves
    gets the number back that the first of them had found.
    """
    import torch  # here, so that solve_lasso needs no torch

    state = _torch_threads
    if state.inside:
        yield 1
        return
    with state.lock:
        if _TorchThreads.n_inside == 0:
            _TorchThreads.before = torch.get_num_threads()
        _TorchThreads.n_inside += 1
        n_threads = _TorchThreads.before
        torch.set_num_threads(1)
    state.inside = True
    try:
        yield n_threads
    finally:
        state.inside = False
        with state.lock:
            _TorchThreads.n_inside -= 1
            torch.set_num_threads(n_threads)
