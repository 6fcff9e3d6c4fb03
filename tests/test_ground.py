"""The files that a clone starts from agree with each other."""
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
REQUIREMENTS = [
    *PROJECT["dependencies"],
    *(r for extra in PROJECT["optional-dependencies"].values()
      for r in extra),
]
README = (ROOT / "README.md").read_text()
CONFIGS = sorted(ROOT.glob("benchmark_*/configs/*.yml"))


def test_conda_environment_is_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip, listed = environment["dependencies"]
    assert python == f"python{PROJECT['requires-python']}"
    assert listed["pip"] == [
        "--constraint constraints.txt", "--editable .", *REQUIREMENTS]


def test_constraints_pin_every_requirement():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = {
        canonicalize_name(name): version for name, version in
        (line.split("==") for line in lines if not line.startswith("#"))
    }
    for requirement in map(Requirement, REQUIREMENTS):
        version = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("target", ["run", "test"])
def test_readme_commands_are_targets(target):
    assert re.search(rf"^make {target}\b", README, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(rf"^{target}: env$", makefile, re.MULTILINE)


def test_readme_paths_exist():
    paths = re.findall(r"\b(?:benchmark_\w+|performance|ci|unrolling)/"
                       r"[\w/.]+", README)
    made_by_users = ("my_method", "__cache__")
    missing = [p for p in paths if not (ROOT / p).exists()
               and not any(name in p for name in made_by_users)]
    assert paths
    assert not missing


def test_readme_lists_every_configuration():
    assert {c.name for c in CONFIGS} == set(
        re.findall(r"`(\w+\.yml)`", README.split("| configuration")[1]
                   .split("\n\n")[0]))


@pytest.mark.parametrize("config", CONFIGS, ids=lambda c: c.stem)
def test_configurations_start_with_what_they_are(config):
    first = config.read_text().splitlines()[0]
    assert first.startswith("# ")
