"""The base of the objectives: refusals, metrics, what is computed once."""
import json

import numpy as np
import pytest

from unrolling.bench.criteria import ITERATIONS, GapCriterion, following
from unrolling.bench.objective import (
    BenchmarkObjective,
    computed_once,
    encode,
)
from unrolling.data import refused


class Objective(BenchmarkObjective):
    """min_u 1/2 ||x - u||^2."""

    name = "Identity"

    def check(self, x, u=None):
        if np.ndim(x) != 2:
            raise ValueError(f"x must be 2-D, got shape {np.shape(x)}")

    def set_data(self, x, u=None):
        self.x = x

    def get_objective(self):
        return {"x": self.x}

    def evaluate_result(self, u):
        return encode({"value": 0.5 * ((u - self.x) ** 2).sum()})


@pytest.mark.parametrize(("data", "reason"), [
    (refused("expected a file"), "expected a file"),
    ({"x": np.ones(3)}, "x must be 2-D, got shape (3,)"),
    ({}, "missing 1 required positional argument: 'x'"),
    ({"x": np.ones((2, 3)), "v": 0}, "unexpected keyword argument 'v'"),
])
def test_bad_data_are_refused_with_the_reason(data, reason):
    skip, given = Objective.get_instance().skip(**data)
    assert skip is True
    assert reason in given


def test_good_data_are_not_refused():
    objective = Objective.get_instance()
    assert objective.skip(x=np.ones((2, 3))) == (False, None)


def test_a_fault_of_the_check_is_no_refusal():
    class Faulty(Objective):
        def check(self, x):
            return x.no_such_attribute

    with pytest.raises(AttributeError, match="no_such_attribute"):
        Faulty.get_instance().skip(x=np.ones((2, 3)))


def test_metrics_are_encoded():
    metrics = encode({
        "value": np.float32(0.5), "array": np.array(2), "count": 3,
        "name": "ISTA", "steps": [1.0, 0.5]})
    assert {name: type(v) for name, v in metrics.items()} == {
        "value": float, "array": float, "count": int, "name": str,
        "steps": str}
    assert metrics["value"] == 0.5
    assert json.loads(metrics["steps"]) == [1.0, 0.5]


def test_computed_once_for_each_content():
    calls = []

    @computed_once
    def total(x, scale):
        calls.append(scale)
        return scale * x.sum()

    @computed_once
    def other(x, scale):
        return "other"

    x = np.arange(6.0).reshape(2, 3)
    assert [total(x, 2), total(x.copy(), 2), total(x, 3)] == [30, 30, 45]
    assert calls == [2, 3]
    x[0, 0] = 1  # the same array, but not the same content
    assert total(x, 2) == 32
    assert total(x.reshape(3, 2), 2) == 32
    assert len(calls) == 4
    assert other(x, 2) == "other"


def test_schedules_go_on_beyond_their_end():
    assert following(ITERATIONS, 10) == 12
    assert following(ITERATIONS, ITERATIONS[-1]) > ITERATIONS[-1]


def test_tolerances_fall_to_the_last():
    criterion = GapCriterion(strategy="tolerance").get_runner_instance()
    tolerances = [1e38]
    while tolerances[-1] > 1e-12:
        tolerances.append(criterion.get_next_stop_val(tolerances[-1]))
    assert tolerances[1:] == [1e-1, 1e-2, 1e-3, 1e-6, 1e-9, 1e-12]
