"""A benchmark's classes, and instances of them, for tests and measurements."""
import sys
from pathlib import Path
from types import SimpleNamespace

from benchopt.benchmark import Benchmark
from benchopt.utils.dynamic_modules import _load_class_from_module
from benchopt.utils.run_context import RunContext

from unrolling.bench.solver import UnrolledSolver


class LoadedBenchmark:
    """A benchmark, its classes, and small instances that are ready to run.

    benchopt keeps one `benchmark_utils` in a process, that of the benchmark
    loaded last. All classes are loaded here at once, so that several
    benchmarks can be looked at in turn, as long as the modules of their
    `benchmark_utils` have different names.

    Parameters
    ----------
    folder : str or Path
        The benchmark's folder, with an `objective.py`.
    """

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.benchmark = Benchmark(self.folder)
        self.objective = self.benchmark.get_benchmark_objective()
        self.solvers = self.benchmark.get_solvers()
        self.datasets = self.benchmark.get_datasets()
        self.plots = self.benchmark.get_plots()

    @property
    def kinds(self):
        """Lists of classes by the names of the fixtures that ask for them."""
        installed = [c for c in self.solvers if c.is_installed()]
        learned = [c for c in installed if issubclass(c, UnrolledSolver)]
        return {
            "solver_class": installed,
            "learned_class": learned,
            "classical_class": [c for c in installed if c not in learned],
            "dataset_class": self.datasets,
        }

    def parametrize(self, metafunc):
        """pytest_generate_tests: a test that asks for a class runs on each."""
        for kind, classes in self.kinds.items():
            if kind in metafunc.fixturenames:
                metafunc.parametrize(kind, classes, ids=lambda c: c.name)

    def set_running(self, monkeypatch):
        """Make it the running benchmark of a test; returns benchopt's."""
        monkeypatch.setattr(
            "benchopt.benchmark._RUNNING_BENCHMARK", self.benchmark)
        return self.benchmark

    def fixtures(self):
        """Fixtures of pytest that every test of the benchmark uses.

        Returns
        -------
        benchmark, weights_folder : fixtures, to be kept under these names
        """
        import pytest

        @pytest.fixture(autouse=True)
        def benchmark(monkeypatch):
            """The running benchmark; what a test changes of it is undone."""
            return self.set_running(monkeypatch)

        @pytest.fixture(autouse=True)
        def weights_folder(benchmark, monkeypatch, tmp_path):
            """Trained weights are cached in this folder, one a test."""
            monkeypatch.setenv("BENCHOPT_CACHE", str(tmp_path))
            return tmp_path / benchmark.name / "weights"

        return benchmark, weights_folder

    def suite(self, **own):
        """What tests use, in one namespace.

        It has the modules of `benchmark_utils` under their names, the class
        of the objective as `objective`, its file as `objective_file`, the
        methods below, `make_objective` as `load`, and what is given, which
        may replace any of these.
        """
        folder = self.folder / "benchmark_utils"
        modules = {
            Path(module.__file__).stem: module
            for name, module in sys.modules.items()
            if name.startswith("benchmark_utils.")
            and Path(module.__file__).parent == folder}
        return SimpleNamespace(**modules | {
            "objective": self.objective,
            "objective_file": sys.modules[self.objective.__module__],
            "get_class": self.get_class, "make_dataset": self.make_dataset,
            "load": self.make_objective, "make_solver": self.make_solver,
            "run": self.run} | own)

    def get_class(self, name):
        """The solver or data set of that name; ValueError if there is none."""
        classes = [*self.solvers, *self.datasets]
        for c in classes:
            if c.name == name:
                return c
        raise ValueError(
            f"expected one of {sorted(c.name for c in classes)}, got {name}: "
            "names are case-sensitive")

    def load_file(self, file):
        """The solver or data set of a file that benchopt would not list."""
        name = Path(file).parent.name.removesuffix("s").capitalize()
        return _load_class_from_module(self.folder, file, name)

    def make_dataset(self, dataset_class, seed=0, **parameters):
        """An instance of a data set, by its class or name, with its seed."""
        if isinstance(dataset_class, str):
            dataset_class = self.get_class(dataset_class)
        dataset = dataset_class.get_instance(**parameters)
        RunContext().set_run_context("", dataset, "", 0, base_seed=seed)
        return dataset

    def make_objective(self, dataset, **parameters):
        """The objective on a data set; ValueError, with the reason, if bad.

        Parameters
        ----------
        dataset : instance of a data set, see `make_dataset`
        **parameters : of the objective
        """
        objective = self.objective.get_instance(**parameters)
        skip, reason = objective._set_dataset(dataset)
        if skip:
            raise ValueError(reason)
        return objective

    def small_problem(self):
        """The data set and the objective with which `benchopt test` runs."""
        dataset = self.get_class(self.objective.test_dataset_name)
        dataset = self.make_dataset(dataset, **dataset.test_config or {})
        return dataset, self.make_objective(
            dataset, **self.objective.test_config)

    def make_solver(self, solver_class, objective, seed=0, **parameters):
        """A solver with its objective set.

        Parameters
        ----------
        solver_class : class, or name of one
        objective : instance of the objective, see `make_objective`
        seed : int
        **parameters : of the solver

        Returns
        -------
        solver, str or None
            The reason why it is skipped, or None.
        """
        if isinstance(solver_class, str):
            solver_class = self.get_class(solver_class)
        solver = solver_class.get_instance(**parameters)
        RunContext().set_run_context(objective, "", solver, 0, base_seed=seed)
        return solver, solver._set_objective(objective)[1]

    def run(self, solver_class, objective, stop_val, **parameters):
        """The result of a solver, as the objective receives it.

        Parameters as for `make_solver`; stop_val is benchopt's: iterations,
        layers or a tolerance. ValueError, with the reason, if it is skipped.
        """
        solver, reason = self.make_solver(
            solver_class, objective, **parameters)
        if reason is not None:
            raise ValueError(reason)
        solver.run_once(stop_val)
        return solver.get_result()


def with_entry(name, index, value):
    """A function that copies data, a dict, with another entry in one array."""
    def changed(data):
        array = data[name].copy()
        array[index] = value
        return data | {name: array}

    return changed


def with_arrays(**arrays):
    """A function that copies data, a dict, with other arrays."""
    return lambda data: data | arrays
