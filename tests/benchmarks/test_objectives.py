"""Objectives refuse, in words, what no data set and no solver should give."""
import numpy as np
import pytest
import torch

ARRAY = np.ndarray, torch.Tensor


@pytest.fixture
def small(running):
    """The small data set of `benchopt test`, and the objective on it."""
    dataset, objective = running.small_problem()
    return dataset.get_data(), objective


@pytest.mark.parametrize("bad", ["a text", [[1, "two"]]])
def test_what_is_no_array_is_refused(small, bad):
    data, objective = small
    arrays = [k for k, v in data.items() if isinstance(v, ARRAY)]
    assert arrays
    for name in arrays:
        skip, reason = objective.skip(**data | {name: bad})
        assert skip
        assert reason


def test_results_of_a_wrong_shape_are_refused(small):
    """One row, which could be broadcast; a column less; no array."""
    _, objective = small
    result = objective.get_one_result()
    arrays = {k: v for k, v in result.items() if isinstance(v, ARRAY)}
    assert arrays
    for name, value in arrays.items():
        for bad in (value[:1], value[..., :-1], "a text"):
            with pytest.raises(ValueError, match=f"{name} must have shape"):
                objective.evaluate_result(**result | {name: bad})
