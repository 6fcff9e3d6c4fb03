"""Numbers that solvers take are refused, in words, out of their range."""
import math
import numbers

import pytest
from benchopt.utils.parametrized_name_mixin import product_param


def names_of_numbers(parameters):
    """Names of a grid's parameters that are numbers or may be, for "tuned" is
    in the place of one."""
    return {name for point in product_param(parameters)
            for name, value in point.items()
            if value == "tuned" or isinstance(value, numbers.Real)
            and not isinstance(value, bool)}


@pytest.mark.parametrize("bad", [-1, math.nan, "best"])
def test_what_is_no_such_number_is_refused(loaded, solver, bad):
    """By name, before the solver looks at the problem, which may not be one
    for it."""
    for name in names_of_numbers(solver.parameters):
        skip, reason = solver.get_instance(**{name: bad}).skip()
        assert skip
        assert reason.startswith(f"{name} must be ")
        assert reason.endswith(f", got {name}={bad!r}")


def test_names_of_numbers():
    """In pairs, too; else the test above could not fail."""
    assert names_of_numbers({
        "rho": ["tuned"], "accelerated, step": [(True, 0.1), (False, "fit")],
        "restart": [True], "inner": ["sgd"], "reg": [None, 2]}) == {
            "rho", "step", "reg"}
