"""What networks take as batches, and what they refuse."""
import numpy as np
import pytest
import torch

LMBD = 0.2


def test_residual_is_that_of_the_present_batch(small_batch, Steps):
    """The same point with another batch must not find the old residual."""
    D, x = small_batch
    network = Steps(D, LMBD)
    z = torch.ones(30, 20, dtype=torch.float64)
    for batch in (x, 2 * x):
        network.bind(batch)
        torch.testing.assert_close(
            network.residual(z), z @ torch.tensor(D).T - batch)


@pytest.mark.parametrize("factor", [1, 5])
def test_a_sample_does_not_see_its_batch(small_batch, factor, Steps):
    D, x = small_batch
    network = Steps(D, LMBD).grow(6)
    for parameters in network.layers:
        parameters["step"] = factor * parameters["step"]
    z = network(x)
    alone = torch.cat([network(row[None]) for row in x])
    torch.testing.assert_close(z, alone, rtol=0, atol=1e-12)
    for batch_size in (1, 7, 30, 1000):
        torch.testing.assert_close(
            network(x, batch_size=batch_size), z, rtol=0, atol=1e-12)
    order = torch.arange(29, -1, -1)
    torch.testing.assert_close(network(x[order]), z[order], rtol=0,
                               atol=1e-12)


@pytest.mark.parametrize("n_threads", [1, 3])
def test_batches_on_several_threads(small_batch, n_threads, Steps):
    """As one after the other, and torch has its threads back."""
    D, x = small_batch
    network = Steps(D, LMBD).grow(6)
    for parameters in network.layers:
        parameters["step"] *= 5  # so that the guard runs some again
    expected = network(x, batch_size=len(x))
    before = torch.get_num_threads()
    torch.set_num_threads(n_threads)
    try:
        z = network(x.requires_grad_(), batch_size=2)
        assert torch.get_num_threads() == n_threads
    finally:
        torch.set_num_threads(before)
    assert not z.requires_grad
    torch.testing.assert_close(z, expected, rtol=0, atol=1e-12)
    with torch.inference_mode():
        z = network(x, batch_size=2)
    torch.testing.assert_close(z, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("spoil", "message"), [
    (lambda x: x[0], r"x must have shape \(n_samples, 10\), got \(10,\)"),
    (lambda x: x[:, 1:], r"x must have shape \(n_samples, 10\), got .*9\)"),
    (lambda x: x[None], r"x must have shape .* got \(1, 30, 10\)"),
    (lambda x: x.clone().index_fill_(0, torch.tensor([2, 5]), np.nan),
     r"x must be finite.* rows \[2, 5\]"),
    (lambda x: x.to("meta"), "on the network's device, cpu, got meta"),
])
def test_bad_samples_are_refused(small_batch, spoil, message, Steps):
    D, x = small_batch
    with pytest.raises(ValueError, match=message):
        Steps(D, LMBD).grow(2)(spoil(x))


@pytest.mark.parametrize(("D", "lmbd", "message"), [
    (np.full((3, 4), np.nan), 0.1, "D must be finite"),
    (np.ones(3), 0.1, "D must be a 2-D array"),
    (np.eye(3, 4), 0.1, r"zeros in columns \[3\]"),
    (np.eye(3), -1, "lmbd must be positive.* got -1"),
    (np.eye(3), np.nan, "lmbd must be positive.* got nan"),
    (np.eye(3), None, "lmbd must be a positive number, got None"),
    (np.eye(3), "a", "lmbd must be a positive number, got 'a'"),
    (np.eye(3), np.ones(3), r"lmbd must be one number .* got shape \(3,\)"),
])
def test_bad_problems_are_refused(D, lmbd, message, Steps):
    with pytest.raises(ValueError, match=message):
        Steps(D, lmbd)


def test_a_bad_batch_size_is_refused(small_batch, Steps):
    D, x = small_batch
    with pytest.raises(ValueError, match="batch_size must be an integer >= 1"):
        Steps(D, LMBD).grow(1)(x, batch_size=-1)


def test_a_device_that_is_not_there(small_batch, monkeypatch, Steps):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="torch sees no GPU: use device=cpu"):
        Steps(small_batch[0], LMBD).to(device="cuda")


def test_arrays_in_arrays_out(small_batch, Steps):
    """Lists, read-only and float32 arrays; Tensors of another dtype."""
    D, x = small_batch
    network = Steps(D, LMBD).grow(3)
    expected, array = network(x), x.numpy()
    readonly = array.copy()
    readonly.flags.writeable = False
    for samples in (array, readonly, array.tolist()):
        z = network(samples)
        assert isinstance(z, np.ndarray)
        # the last bit depends on where arrays lie, and on threads
        np.testing.assert_allclose(z, expected, rtol=0, atol=1e-12)
    single = network(array.astype(np.float32))
    assert single.dtype == float
    # x in float32, and layers that do not expand differences
    np.testing.assert_allclose(single, expected, rtol=0, atol=1e-6)
    assert isinstance(network(x.float()), torch.Tensor)
    assert network(x.float()).dtype == torch.float64


def test_empty_batch(small_batch, Steps):
    network = Steps(small_batch[0], LMBD).grow(2)
    assert network(small_batch[1][:0]).shape == (0, 20)
