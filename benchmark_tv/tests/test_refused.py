"""What the objective refuses: bad data, parameters and results."""
import math
import re

import numpy as np
import pytest

from unrolling.bench.testing import with_arrays, with_entry


@pytest.mark.parametrize(("change", "message"), [
    (with_entry("x_train", (0, 0), np.nan),
     "x_train: x must be finite, got 1 NaN"),
    (with_entry("x_test", (2, 1), np.inf),
     "x_test: x must be finite, got 1 NaN"),
    (with_entry("A", (0, 0), np.nan), "A must be finite, got 1 NaN"),
    (with_entry("x_test", 3, 0),
     r"x_test: .* rows \[3\]: remove these samples"),
    (with_arrays(x_train=np.ones((10, 5))), "x_train: x must have 6 columns"),
    (with_arrays(x_test=np.ones(6)), r"x_test: x must be a 2-D .*\(6,\)"),
    (with_arrays(x_test=np.ones((0, 6)), u_test=None), "x_test must .* got"),
    (with_arrays(x_train=np.ones((0, 6)), u_train=None),
     "x_train must .* got"),
    (with_arrays(A=np.ones(6)), r"A must be a 2-D array, got shape \(6,\)"),
    (with_arrays(A=np.ones((6, 1)), u_train=None, u_test=None),
     "lmbd_max > 0, got 0"),
    (with_arrays(u_test=np.ones((5, 8))), r"u_test must .* \(5, 9\), got "
     r"\(5, 8\)"),
    (with_arrays(u_train=np.ones((5, 9))), r"u_train must .* \(10, 9\), got "
     r"\(5, 9\)"),
    (with_entry("u_test", (0, 0), np.nan), "u_test must be finite"),
    (with_arrays(A=None, unavailable="expected a file"), "expected a file"),
])
def test_bad_data_are_refused(objective, raw, change, message):
    assert objective.skip(**raw) == (False, None)
    skip, reason = objective.skip(**change(raw))
    assert skip is True
    assert re.search(message, reason)


def test_a_sample_that_a_constant_fits_up_to_rounding(objective, raw):
    raw["x_test"] = raw["x_test"].copy()
    raw["x_test"][1] = raw["A"].sum(axis=1) / 3
    skip, reason = objective.skip(**raw)
    assert skip
    assert "lmbd_max > 0, got 0" in reason
    assert "rows [1]" in reason


@pytest.mark.parametrize(("parameters", "message"), [
    *(({"reg": reg}, f"reg must be in (0, 1], got reg={reg}")
      for reg in (0, -1, 1.5, math.nan)),
    ({"data_fit": "l1"}, "data_fit must be quad or huber, got data_fit=l1"),
    *(({"data_fit": "huber", "delta": delta},
       f"delta must be in (0, 1], got delta={delta}")
      for delta in (0, -0.1, 2, math.nan)),
    ({"init": "zero"},
     "init must be constant or least-squares, got init=zero"),
    *(({"max_time": time}, f"max_time must be positive, got max_time={time}")
      for time in (0, -1, math.nan)),
    *(({"max_iter": n}, f"max_iter must be positive, got max_iter={n}")
      for n in (0, -1)),
])
def test_bad_parameters_are_refused(benchmark, raw, parameters, message):
    objective = benchmark.get_benchmark_objective().get_instance(**parameters)
    skip, reason = objective.skip(**raw)
    assert skip
    assert message in reason
