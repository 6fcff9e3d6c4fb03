"""Work shared out to threads."""
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import torch
from joblib import cpu_count

N_THREADS = cpu_count()
"""Cores that the process may use, as joblib counts them, on import."""


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
    items = iter(items)

    def work():
        try:
            for item in items:
                function(item)
        finally:
            list(items)

    with ThreadPoolExecutor(max(1, n_others)) as pool:
        others = [pool.submit(work) for _ in range(n_others)]
        work()
    for other in others:
        other.result()


def slices(n, size):
    """Slices of range(n), in order, each of `size` but the last."""
    return [slice(start, start + size) for start in range(0, n, size)]


@contextmanager
def one_torch_thread():
    """Keep torch's operators on their thread: this one, or one started here.

    Gives the number of threads that they had before. The number is torch's
    one for the process: not for use on several threads at once.
    """
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield n_threads
    finally:
        torch.set_num_threads(n_threads)
