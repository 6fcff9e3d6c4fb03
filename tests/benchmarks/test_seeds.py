"""Data are drawn from their seed: the same again, and others by another."""
import tempfile

import numpy as np
import pytest
import torch
from benchopt.utils.parametrized_name_mixin import product_param

from unrolling.weights import digest

DRAWN = np.ndarray, torch.Tensor, torch.nn.Module
"""What of the data is compared; functions and numbers are left out."""


def no_network(*_, **__):
    raise OSError("tests download nothing")


@pytest.fixture
def draw(running, dataset, monkeypatch, tmp_path):
    """`draw(seed, **parameters)`: the digest of the small data set, without
    what an earlier call has left on disk."""
    monkeypatch.setattr("socket.getaddrinfo", no_network)

    def drawn(seed, **parameters):
        monkeypatch.setenv("BENCHOPT_CACHE", tempfile.mkdtemp(dir=tmp_path))
        data = running.make_dataset(
            dataset, seed, **(dataset.test_config or {}) | parameters
        ).get_data()
        if "unavailable" in data:
            pytest.skip(data["unavailable"])
        return digest(*(part for key, value in sorted(data.items())
                        if isinstance(value, DRAWN) for part in (key, value)))

    return drawn


def test_data_are_drawn_from_the_seed(dataset, draw):
    if not dataset.is_installed():
        pytest.skip(f"{dataset.name} needs {dataset.requirements}")
    for parameters in product_param(
            getattr(dataset, "test_parameters", {})):
        first = draw(3, **parameters)
        assert draw(3, **parameters) == first
        assert draw(4, **parameters) != first
