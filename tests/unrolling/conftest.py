"""What the tests of the package share."""
import numpy as np
import pytest


@pytest.fixture
def rng():
    """Random numbers that are the same in each test."""
    return np.random.default_rng(0)
