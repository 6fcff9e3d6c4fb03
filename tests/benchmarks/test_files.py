"""What benchopt asks of a benchmark's files, and what a reader expects."""
import ast
import inspect
import re
from collections import Counter
from pathlib import Path

import joblib
import pytest
import yaml
from benchopt import BaseDataset, BaseSolver
from benchopt.benchmark import _list_parametrized_classes

import unrolling

REFERENCE = re.compile(
    r"arXiv:\d{4}\.\d{4,5}|doi:10\.\d{4}|(NIPS|NeurIPS|ICML|ICLR) \d{4}"
    r"|(J|Ann|Proc|Comm|Found)\. .*\d+(\(\d+\))?, \d{4}")
PACKAGE = Path(unrolling.__file__).resolve().parent


def parameter_names(cls):
    return [n.strip() for key in cls.parameters for n in key.split(",")]


def test_parameters_become_attributes(loaded, cls):
    """benchopt sets one only if there is no attribute of that name, and a
    class with an __init__ of its own loses them."""
    names = parameter_names(cls)
    assert not set(names) & set(dir(cls))
    for klass in cls.__mro__:
        assert klass.__module__.startswith(("benchopt.", "builtins", "abc")
                                           ) or "__init__" not in vars(klass)
    instance = cls.get_instance()
    assert all(hasattr(instance, name) for name in names)
    # what a solver is tested on has names of benchopt's
    assert not set(cls.test_config or {}) - {*names, "dataset", "objective"}


def test_names_can_be_typed(loaded, cls):
    assert cls.name.isascii()
    assert "/" not in cls.name


def test_docstrings_cite_a_source(loaded, cls):
    if cls is not loaded.objective:
        assert REFERENCE.search(" ".join(inspect.getdoc(cls).split()))


def test_every_class_loads(loaded, cls):
    """None is left out because an import fails."""
    assert cls.is_installed(raise_on_not_installed=True)


def test_names_are_unique(loaded):
    for classes in (loaded.solvers, loaded.datasets):
        names = [c.name.lower() for c in classes]
        assert len(set(names)) == len(names)


def test_url_ends_with_the_folder(loaded):
    """Its last component is the benchmark's name, and that of its cache."""
    assert loaded.objective.url.split("/")[-1] == loaded.folder.name


def test_modules_of_benchmark_utils_have_names_of_their_own(benchmarks):
    """benchopt has one package of that name in a process."""
    modules = Counter(
        file.name for loaded in benchmarks
        for file in loaded.folder.glob("benchmark_utils/[!_]*.py"))
    assert modules
    assert max(modules.values()) == 1


def test_requirements_are_literal_lists(loaded, source):
    """With `--env`, benchopt reads them without importing the file."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Assign) and any(
                getattr(t, "id", None) == "requirements"
                for t in node.targets):
            requirements = ast.literal_eval(node.value)
            assert isinstance(requirements, list)
            assert all(isinstance(r, str) for r in requirements)


def test_solver_files_are_short(loaded, source):
    if source.parent.name == "solvers":
        assert len(source.read_text().splitlines()) <= 90


def selected(loaded, config):
    """Names of all that a configuration runs; unknown ones raise."""
    benchmark, config = loaded.benchmark, dict(config)
    classes = {
        "objective": benchmark.check_objective_filters(
            config.pop("objective", [])),
        "dataset": benchmark.check_dataset_patterns(config.pop("dataset")),
        "solver": benchmark.check_solver_patterns(config.pop("solver", [])),
    }
    assert not config, f"unknown options {list(config)}"
    return {
        kind: [str(instance) for instance, _ in _list_parametrized_classes(
            *those, check_installed=False)]
        for kind, those in classes.items()
    }


def test_configuration_resolves(loaded, config):
    text = config.read_text()
    assert text.startswith("# "), "the first line says what it is"
    assert all(selected(loaded, yaml.safe_load(text)).values())


def test_smoke_configuration_runs_every_solver(loaded):
    config = yaml.safe_load(
        (loaded.folder / "configs" / "smoke.yml").read_text())
    names = {n.split("[")[0] for n in selected(loaded, config)["solver"]}
    assert names == {c.name for c in loaded.solvers}


def test_unknown_names_are_rejected(loaded):
    with pytest.raises(ValueError, match="Unknown parameter 'no_such'"):
        selected(loaded, {"dataset": [
            f"{loaded.datasets[0].name}[no_such=3]"]})


def test_plots_are_listed_and_sound(loaded):
    loaded.benchmark.check_plots()
    config = yaml.safe_load((loaded.folder / "config.yml").read_text())
    assert {f.stem for f in loaded.folder.glob("plots/*.py")} <= set(
        config["plots"]) <= set(loaded.benchmark.get_plot_names())
    for view in config["plot_configs"].values():
        assert view["plot_kind"] in config["plots"]
        [plot] = [p for p in loaded.plots
                  if p._get_name() == view["plot_kind"]]
        prefix = f"{view['plot_kind']}_"
        for key, value in view.items():
            if key.startswith(prefix):
                values = plot.options[key.removeprefix(prefix)]
                assert values is ... or value in values


def test_templates_run_as_they_stand(loaded):
    """A newcomer's two files, together, without the suite's own bases."""
    solver_class, dataset_class = (
        loaded.load_file(loaded.folder / f"{kind}s" / f"template_{kind}.py")
        for kind in ("solver", "dataset"))
    assert solver_class.__bases__ == (BaseSolver,)
    assert dataset_class.__bases__ == (BaseDataset,)
    objective = loaded.make_objective(
        loaded.make_dataset(dataset_class), **loaded.objective.test_config)
    values = [
        objective.evaluate_result(
            **loaded.run(solver_class, objective, n_iter))["value"]
        for n_iter in (0, 5, 20)]
    assert values[0] > values[1] > values[2]


def test_the_cache_key_sees_the_sources(loaded, edit):
    """An edit of what computes the results, and of nothing else."""
    objective = loaded.objective.get_instance()
    key = joblib.hash(objective)
    utils = sorted(loaded.folder.glob("benchmark_utils/**/*.py"))
    assert utils
    hashed = [loaded.folder / "objective.py", *utils,
              *sorted(loaded.folder.glob("datasets/*.py")),
              PACKAGE / "weights.py"]
    others = [Path(__file__), *sorted(loaded.folder.glob("tests/*.py"))]
    for file in hashed + others:
        edit(file)
        assert (joblib.hash(objective) != key) == (file in hashed), file
