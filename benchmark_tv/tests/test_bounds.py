"""The objective bounds the time of every solver."""
import pytest


@pytest.mark.parametrize("name", ["PGD", "Active-set", "celer", "skglm"])
def test_max_time_is_that_of_the_objective(suite, name):
    solver, reason = suite.make_solver(
        name, suite.make_objective("wide", max_time=3.0))
    assert reason is None
    criterion = solver.stopping_criterion.get_runner_instance(solver=solver)
    point = {"objective_duality_gap": 1.0, "stop_val": 1e-2 if (
        solver.sampling_strategy == "tolerance") else 10}
    assert [criterion.check_convergence([point | {"time": time}])[0]
            for time in (2.9, 3.0)] == [False, True]
