"""Training of arrays in cycles."""
import numpy as np
import pytest

from unrolling import stages
from unrolling.training import fit

LMBD = 0.2


def test_cycles_start_from_the_best_epoch(large_batch, monkeypatch, Matrices):
    """At a third of the learning rate of the one before, and no loss rises."""
    D, x = large_batch
    losses, cycles, fit_cycle = [], [], stages.fit_cycle

    def watched(network, samples, held_out, learning_rate, *options):
        cycles.append(learning_rate)
        fit_cycle(network, samples, held_out, learning_rate, *options)
        losses.append(stages.mean_loss(network, *held_out))

    monkeypatch.setattr(stages, "fit_cycle", watched)
    result = fit(Matrices(D, LMBD), 2, x, learning_rate=0.009, cycles=3,
                 epochs=5, decay=0)
    np.testing.assert_allclose(cycles, [0.009, 0.003, 0.001])
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]
    assert result.validation_loss == losses[-1]


@pytest.mark.parametrize(("max_steps", "epochs"), [(1, 1), (5, 2), (99, 4)])
def test_many_samples_make_few_passes(
        large_batch, monkeypatch, Matrices, max_steps, epochs):
    """Steps are bounded, not passes; two batches here."""
    D, x = large_batch
    passes = []
    monkeypatch.setattr(stages, "mean_loss", lambda *_: passes.append(1) or 0)
    fit(Matrices(D, LMBD), 1, x[:200], epochs=4, patience=9, cycles=1,
        max_steps=max_steps)
    assert len(passes) == 1 + epochs  # one before the first
