"""The adapter of upstream's solver files: small ones in their interface."""
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchopt.utils.dynamic_modules import _load_class_from_module

from unrolling.bench.criteria import ITERATIONS, GapCriterion

BENCHMARK = Path(__file__).parents[1]
SOLVER = '''
import numpy as np
from benchopt import BaseSolver


class Solver(BaseSolver):
    name = "gradient"
    sampling_strategy = {strategy!r}
    parameters = {{"step_size": [1.0, 0.5]}}

    def skip(self, X, y, lmbd, fit_intercept):
        if self.step_size > 2:
            return True, "too long a step"
        return False, None

    def set_objective(self, X, y, lmbd, fit_intercept):
        assert fit_intercept is False
        self.X, self.y, self.lmbd = X, y, lmbd

    def run(self, stop_val):
        step = self.step_size / np.linalg.norm(self.X, ord=2) ** 2
        self.w = np.zeros(self.X.shape[1])
        self.n_iter, self.stop_val = 0, stop_val
        while self.goes_on():
            v = self.w - step * self.X.T @ (self.X @ self.w - self.y)
            self.w = v - np.clip(v, -step * self.lmbd, step * self.lmbd)
            self.n_iter += 1

    def goes_on(self):
        return {condition}

    def get_result(self):
        return dict(beta=self.w)
'''
CONDITIONS = {
    "iteration": "self.n_iter < self.stop_val",
    "callback": "self.stop_val()",
    "tolerance": "self.stop_val < 10.0 ** -self.n_iter",
}


@pytest.fixture
def write(tmp_path):
    def write(text, name="theirs.py"):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


@pytest.fixture
def theirs(write):
    return write(SOLVER.format(
        strategy="iteration", condition=CONDITIONS["iteration"]))


@pytest.fixture
def adapter():
    return _load_class_from_module(
        BENCHMARK, BENCHMARK / "upstream.py", "Solver")


@pytest.mark.parametrize("strategy", CONDITIONS)
@pytest.mark.parametrize("n_iter", [0, 1, 7])
def test_each_sample_has_its_iterations(
        suite, adapter, write, strategy, n_iter):
    """Upstream's gradient method on each sample is ISTA on the batch."""
    file = write(SOLVER.format(
        strategy=strategy, condition=CONDITIONS[strategy]))
    objective = suite.make_objective()
    result = suite.run(adapter, objective, n_iter, file=file)
    np.testing.assert_allclose(
        result["z"], suite.ista(objective, n_iter), rtol=0, atol=1e-14)


def test_options(suite, adapter, theirs):
    """The first of upstream's grid, unless others are given."""
    objective = suite.make_objective()
    default, same, half = (
        suite.run(adapter, objective, 3, file=theirs, options=options)["z"]
        for options in (None, {"step_size": 1.0}, {"step_size": 0.5}))
    np.testing.assert_array_equal(default, same)
    assert abs(default - half).max() > 1e-3


@pytest.mark.parametrize(("options", "message"), [
    ({"step_size": 3.0}, "too long a step"),
    ({"step": 1.0}, "are ['step_size'], got ['step']"),
])
def test_skipped_for_its_options(suite, adapter, theirs, options, message):
    _, reason = suite.make_solver(
        adapter, suite.make_objective(), file=theirs, options=options)
    assert reason.endswith(message)


def test_converges_to_the_optimum(suite, adapter, theirs):
    objective = suite.make_objective("few atoms")
    result = suite.run(adapter, objective, 3000, file=theirs)
    metrics = objective.evaluate_result(**result)
    assert metrics["duality_gap"] <= 1e-8


@pytest.mark.parametrize(("old", "new", "message"), [
    ("X, y, lmbd, fit_intercept", "X, y, lmbd", "set_objective must take X"),
    ("import numpy", "import no_such_library\nimport numpy",
     "cannot be imported: ModuleNotFoundError"),
    ("class Solver", "class Method", "cannot be imported: ValueError"),
])
def test_skipped_with_the_reason(suite, adapter, theirs, write, old, new,
                                 message):
    file = write(Path(theirs).read_text().replace(old, new), "other.py")
    _, reason = suite.make_solver(adapter, suite.make_objective(), file=file)
    assert message in reason
    assert file in reason


@pytest.mark.parametrize("file", [None, "no/such/file.py"])
def test_skipped_without_a_file(suite, adapter, file):
    _, reason = suite.make_solver(adapter, suite.make_objective(), file=file)
    assert reason == f"file must name a solver file, got file={file}"


def test_results_of_old_files_are_refused(suite, adapter, theirs, write):
    file = write(Path(theirs).read_text().replace(
        "dict(beta=self.w)", "self.w"), "old.py")
    with pytest.raises(TypeError, match="must return a dict with the key "
                       "beta, got ndarray from (.|\n)*: edit a copy"):
        suite.run(adapter, suite.make_objective(), 1, file=file)


def test_an_edited_file_is_another_key(adapter, theirs):
    solver = adapter.get_instance(file=theirs)
    before = solver._get_state()
    Path(theirs).write_text(Path(theirs).read_text() + "\n")
    assert solver._get_state() != before


def test_a_solver_that_stalls_ends_with_the_schedule():
    """And keeps its results: L-BFGS-B stops by itself above the gap."""
    criterion = GapCriterion(strategy="iteration").get_runner_instance()
    point = {"objective_duality_gap": 1e-8, "time": 1e-3, "stop_val": 0}
    while not criterion.check_convergence([point])[0]:
        point["stop_val"] = criterion.get_next_stop_val(point["stop_val"])
    assert point["stop_val"] == ITERATIONS[-1]


def test_command_of_the_readme(theirs, tmp_path):
    """Their curve next to ours, on the same problem."""
    readme = (BENCHMARK / "README.md").read_text()
    section = readme.split("## Solvers of the upstream benchmark")[1]
    command = section.split("```\n")[1].replace(
        "path/to/python_pgd.py", theirs).replace(
        "use_acceleration: True", "step_size: 0.5").strip()
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        command + f" --max-runs 5 --no-plot --output {tmp_path}/out.parquet",
        shell=True, cwd=BENCHMARK.parent, env=environment,
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    results = pd.read_parquet(tmp_path / "out.parquet")
    names = {name.split("[")[0] for name in results["solver_name"]}
    assert names == {"Upstream", "FISTA"}, done.stdout + done.stderr
    assert results["p_dataset_n_test"].unique().tolist() == [1]
