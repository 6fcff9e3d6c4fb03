"""Threads share the samples in training; the network that they train, and
what else the process does, do not depend on them."""
import threading

import pytest
import torch
from threadpoolctl import threadpool_limits

from unrolling import stages
from unrolling.parallel import one_blas_thread
from unrolling.training import fit

LMBD = 0.2
TRAINERS = {"L-BFGS": {}, "descent": {"descent_steps": 10}}


@pytest.fixture(autouse=True)
def chunks(monkeypatch):
    """Chunks so small that there are some for each thread, and shared."""
    monkeypatch.setattr("unrolling.stages.WORTH_SHARING", 1)
    monkeypatch.setattr("unrolling.stages.CHUNK", 50)


@pytest.fixture
def set_threads():
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


@pytest.mark.parametrize("options", TRAINERS.values(), ids=TRAINERS)
def test_the_network_does_not_depend_on_threads(
        large_batch, Steps, set_threads, options):
    """The chunks' gradients add up in their order, whoever computed them."""
    D, x = large_batch
    steps = []
    for n_threads in (1, 2, 3):
        set_threads(n_threads)
        network = Steps(D, LMBD)
        fit(network, 3, x, **options)
        steps.append([p["step"].item() for p in network.layers])
    assert steps[1] == pytest.approx(steps[0], rel=1e-6)
    assert steps[2] == pytest.approx(steps[0], rel=1e-6)


@pytest.mark.parametrize("options", TRAINERS.values(), ids=TRAINERS)
def test_both_threads_train(large_batch, Steps, set_threads, options):
    """A thread that waits for another one meets it, in a first chunk."""
    D, x = large_batch
    threads, meeting = set(), threading.Barrier(2, timeout=60)

    class Meeting(Steps):
        def loss(self, z, target=None):
            if torch.is_grad_enabled() and len(threads) < 2:
                threads.add(threading.get_ident())
                meeting.wait()
            return super().loss(z, target)

    set_threads(2)
    fit(Meeting(D, LMBD), 1, x, **options)
    assert len(threads) == 2


def test_blas_has_one_thread_in_training(large_batch, Steps, monkeypatch):
    """L-BFGS calls BLAS, whose idle threads would spin."""
    D, x = large_batch
    counts, minimize = set(), stages.minimize

    def counted(*args, **options):
        counts.update(library["num_threads"]
                      for library in one_blas_thread.libraries.info())
        return minimize(*args, **options)

    monkeypatch.setattr(stages, "minimize", counted)
    with threadpool_limits(limits=2, user_api="blas"):
        fit(Steps(D, LMBD), 1, x)
    assert counts == {1}
