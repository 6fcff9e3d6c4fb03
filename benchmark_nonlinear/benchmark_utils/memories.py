"""What an unrolled network remembers of the gradients of earlier layers.

A memory maps the gradient g (n_samples, n_x) of a layer and a state to the
direction v (n_samples, n_x) of the layer and the next state; before the first
layer the state is None. All layers share one memory. The recurrent ones are
the recurrent momentum acceleration (RMA) of arXiv:2307.16120.
"""
import torch
from torch import nn

MOMENTUM = 0.8
"""Weight of the past in the fixed momentum, as in the paper's code."""


class NoMemory(nn.Module):
    """The gradient itself."""

    def forward(self, g, state):
        return g, None


class FixedMomentum(nn.Module):
    """v <- MOMENTUM v + (1 - MOMENTUM) g, a mean of the gradients so far.

    The code of the paper's authors has 1e-3 g instead, so that hardly anything
    of the gradient is left.
    """

    def forward(self, g, state):
        past = 0 * g if state is None else state
        v = MOMENTUM * past + (1 - MOMENTUM) * g
        return v, v


class Recurrent(nn.Module):
    """An LSTM or a GRU of the gradients, one per layer, and a linear map from
    the hidden states of all its own layers to v.

    The state is zero before the first layer. It is made of cells, since a
    layer has one gradient at a time. Both biases of the LSTM's forget gates
    are one, as in the paper's code.
    """

    cell = None

    def __init__(self, n_x, n_recurrent, hidden):
        super().__init__()
        self.cells = nn.ModuleList(
            self.cell(n_in, hidden)
            for n_in in (n_x, *(n_recurrent - 1) * [hidden]))
        self.read = nn.Linear(n_recurrent * hidden, n_x)

    def forward(self, g, state):
        states, outputs = [], []
        state = state or [None] * len(self.cells)
        for cell, own in zip(self.cells, state, strict=True):
            own = cell(g, own)
            g = own[0] if isinstance(own, tuple) else own
            states.append(own)
            outputs.append(g)
        return self.read(torch.cat(outputs, dim=1)), states


class LSTMMemory(Recurrent):
    """Recurrent momentum by an LSTM."""

    cell = nn.LSTMCell

    def __init__(self, n_x, n_recurrent, hidden):
        super().__init__(n_x, n_recurrent, hidden)
        for cell in self.cells:
            for bias in cell.bias_ih, cell.bias_hh:
                nn.init.ones_(bias.data[hidden:2 * hidden])


class GRUMemory(Recurrent):
    """Recurrent momentum by a GRU."""

    cell = nn.GRUCell


class Memoryless(nn.Module):
    """The control: two tanh layers of the current gradient, no recurrence.

    Their width is that with which they have as many parameters as the LSTM
    memory of the same sizes, up to rounding.
    """

    def __init__(self, n_x, n_recurrent, hidden):
        super().__init__()
        wanted = count(LSTMMemory(n_x, n_recurrent, hidden))
        # width^2 + (2 n_x + 2) width + n_x = wanted
        half = n_x + 1
        width = round((half**2 + wanted - n_x) ** 0.5 - half)
        self.map = nn.Sequential(
            nn.Linear(n_x, width), nn.Tanh(), nn.Linear(width, width),
            nn.Tanh(), nn.Linear(width, n_x))

    def forward(self, g, state):
        return self.map(g), None


def count(module):
    """The number of a module's parameters."""
    return sum(value.numel() for value in module.parameters())


MEMORIES = {
    "none": NoMemory, "momentum": FixedMomentum, "lstm": LSTMMemory,
    "gru": GRUMemory, "memoryless": Memoryless}


def make_memory(name, n_x, n_recurrent, hidden):
    """The memory of that name; those that do not learn have no size."""
    memory = MEMORIES[name]
    sizes = ((n_x, n_recurrent, hidden)
             if issubclass(memory, Recurrent | Memoryless) else ())
    return memory(*sizes)
