"""Every configuration names solvers, data sets and parameters that exist."""
from pathlib import Path

import pytest
import yaml
from benchopt.benchmark import _list_parametrized_classes

CONFIGS = sorted((Path(__file__).parents[1] / "configs").glob("*.yml"))


def instances(benchmark, config):
    """Names of all that a configuration runs; unknown ones raise."""
    selections = {
        "objective": benchmark.check_objective_filters(
            config.pop("objective", [])),
        "dataset": benchmark.check_dataset_patterns(config.pop("dataset")),
        "solver": benchmark.check_solver_patterns(config.pop("solver", [])),
    }
    assert not config, f"unknown options {list(config)}"
    return {
        kind: [str(instance) for instance, _ in _list_parametrized_classes(
            *selected, check_installed=False)]
        for kind, selected in selections.items()
    }


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_configuration_resolves(benchmark, path):
    selected = instances(benchmark, yaml.safe_load(path.read_text()))
    assert all(selected.values())


def test_unknown_names_are_rejected(benchmark):
    with pytest.raises(ValueError, match="Unknown parameter 'size'"):
        instances(benchmark, {"dataset": ["Simulated[size=3]"]})
