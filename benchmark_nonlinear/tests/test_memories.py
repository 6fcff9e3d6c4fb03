"""Memories of the gradients of earlier layers."""
import pytest
import torch


def test_momentum_is_the_mean_of_the_past(suite):
    memory, state = suite.memories.make_memory("momentum", 3, 1, 1), None
    g, expected = torch.randn(4, 2, 3), torch.zeros(2, 3)
    for one in g:
        v, state = memory(one, state)
        expected = 0.8 * expected + 0.2 * one
        torch.testing.assert_close(v, expected)


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_a_recurrent_memory_is_torchs_on_the_whole_sequence(suite, name):
    """One gradient a layer and the state carried, as in the paper."""
    torch.manual_seed(0)
    memory, state = suite.memories.make_memory(name, 3, 2, 5), None
    g = torch.randn(4, 2, 3)
    for one in g:
        v, state = memory(one, state)
    whole = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[name](3, 5, 2)
    whole.load_state_dict({
        f"{key}_l{layer}": value for layer, cell in enumerate(memory.cells)
        for key, value in cell.state_dict().items()})
    _, last = whole(g)
    h = last[0] if name == "lstm" else last
    torch.testing.assert_close(
        v, memory.read(torch.cat([h[0], h[1]], dim=1)))


def test_forget_gates_are_open(suite):
    memory = suite.memories.make_memory("lstm", 3, 2, 5)
    for cell in memory.cells:
        for bias in (cell.bias_ih, cell.bias_hh):
            assert (bias[5:10] == 1).all()
            assert not (bias[:5] == 1).any()


@pytest.mark.parametrize("sizes", [(53, 2, 50), (512, 1, 128), (128, 2, 50)])
def test_the_control_has_the_size_of_the_lstm(suite, sizes):
    count, make_memory = suite.memories.count, suite.memories.make_memory
    lstm, control = (count(make_memory(name, *sizes))
                     for name in ("lstm", "memoryless"))
    assert control == pytest.approx(lstm, rel=0.01)


def test_the_control_forgets(suite):
    memory = suite.memories.make_memory("memoryless", 3, 1, 4)
    g = torch.randn(2, 3)
    v, state = memory(g, None)
    torch.testing.assert_close(memory(g, state)[0], v)
