"""Work shared out to threads: all of it once, and none after an error."""
import multiprocessing
import threading
import time

import pytest
import torch
from threadpoolctl import threadpool_limits

from unrolling.parallel import (
    one_blas_thread,
    one_torch_thread,
    share_out,
)


@pytest.mark.parametrize("n_threads", [1, 2, 7])
@pytest.mark.parametrize("n_items", [0, 1, 50])
def test_each_item_once(n_threads, n_items):
    done = []
    share_out(done.append, range(n_items), n_threads)
    assert sorted(done) == list(range(n_items))


def test_the_calling_thread_works_too():
    barrier = threading.Barrier(2, timeout=60)
    threads = []

    def meet(_):
        barrier.wait()  # one thread alone would wait in vain
        threads.append(threading.current_thread())

    share_out(meet, range(2), 2)
    assert threading.main_thread() in threads
    assert len(set(threads)) == 2


@pytest.mark.parametrize("n_threads", [1, 2])
def test_an_error_ends_the_work_and_is_raised(n_threads):
    """What the other thread has begun then, it ends; it begins no other."""
    failed, begun = threading.Event(), []

    def work(item):
        begun.append(item)
        if item == 0:
            failed.set()
            raise ValueError("item 0")
        assert failed.wait(timeout=60)
        time.sleep(0.1)  # the other thread is done with its error by then

    with pytest.raises(ValueError, match="item 0"):
        share_out(work, range(100), n_threads)
    assert len(begun) <= n_threads


def test_an_error_on_another_thread_is_raised():
    failed = threading.Event()

    def fail(_):
        if threading.current_thread() is threading.main_thread():
            assert failed.wait(timeout=60)
        else:
            failed.set()
            raise ValueError("elsewhere")

    with pytest.raises(ValueError, match="elsewhere"):
        share_out(fail, range(2), 2)


def test_shared_out_within_what_is_shared_out():
    done = []
    share_out(lambda i: share_out(
        lambda j: done.append((i, j)), range(6), 3), range(6), 3)
    assert sorted(done) == [(i, j) for i in range(6) for j in range(6)]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_has_helpers_of_its_own():
    test_the_calling_thread_works_too()  # this process has some now
    child = multiprocessing.get_context("fork").Process(
        target=test_the_calling_thread_works_too)
    child.start()
    child.join()
    assert child.exitcode == 0


def test_one_torch_thread_is_undone():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    counts = []
    try:
        with one_torch_thread() as n_threads:
            assert n_threads == 3
            assert torch.get_num_threads() == 1
            thread = threading.Thread(
                target=lambda: counts.append(torch.get_num_threads()))
            thread.start()
            thread.join()
        assert counts == [1]
        assert torch.get_num_threads() == 3
        with pytest.raises(KeyError), one_torch_thread():
            raise KeyError
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_one_blas_thread_is_undone_by_the_last_that_leaves():
    """Threads that enter and leave in any order, one of them twice."""
    def counts():  # of the libraries that were there on import
        return {lib["num_threads"]
                for lib in one_blas_thread.libraries.info()}

    inside, leave = threading.Barrier(3, timeout=60), threading.Event()

    def hold():
        with one_blas_thread, one_blas_thread:
            inside.wait()
            assert leave.wait(timeout=60)

    with threadpool_limits(limits=2, user_api="blas"):
        before = counts()
        threads = [threading.Thread(target=hold) for _ in range(2)]
        with one_blas_thread:
            for thread in threads:
                thread.start()
            inside.wait()
            assert counts() == {1}
        assert counts() == {1}
        leave.set()
        for thread in threads:
            thread.join()
        assert counts() == before == {2}


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_finds_no_lock_held():
    """The thread that held it is not there to release it."""
    held = threading.Event()

    def hold():
        with one_blas_thread.lock:
            held.set()
            time.sleep(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(timeout=60)
    child = multiprocessing.get_context("fork").Process(
        target=one_blas_thread.__enter__)
    child.start()
    child.join(timeout=60)
    code = child.exitcode
    child.kill()
    thread.join()
    assert code == 0


def test_one_torch_thread_on_several_threads():
    """The first to enter is the first to leave; a thread enters twice."""
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    entered, leave = threading.Event(), threading.Event()
    counts = []

    def hold():
        with one_torch_thread() as n_threads, one_torch_thread() as nested:
            counts.extend([n_threads, nested, torch.get_num_threads()])
            entered.set()
            assert leave.wait(timeout=60)
        counts.append(torch.get_num_threads())

    try:
        thread = threading.Thread(target=hold)
        with one_torch_thread():
            thread.start()
            assert entered.wait(timeout=60)
        leave.set()
        thread.join()
        assert counts == [3, 1, 1, 3]
        assert torch.get_num_threads() == 3
        started = threading.Thread(
            target=lambda: counts.append(torch.get_num_threads()))
        started.start()
        started.join()
        assert counts[-1] == 3
    finally:
        torch.set_num_threads(before)
