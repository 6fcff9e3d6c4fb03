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
READMES = [ROOT / "README.md", *sorted(ROOT.glob("[a-z]*/README.md"))]
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


@pytest.mark.parametrize("readme", READMES, ids=lambda f: f.parent.name)
def test_readme_paths_exist(readme):
    text = readme.read_text()
    paths = re.findall(r"(?<![\w/])(?:benchmark_\w+|performance|ci|unrolling"
                       r"|examples|tests)/[\w/.]*\w", text)
    paths += [f"{readme.parent}/{link}" for link in
              re.findall(r"\]\(([\w./]+)\)", text)]
    made_by_users = ("my_method", "__cache__")
    missing = [p for p in paths if not (ROOT / p).exists()
               and not any(name in p for name in made_by_users)]
    assert paths
    assert not missing


def test_the_main_readme_is_short():
    assert len(README.splitlines()) < 150


@pytest.mark.parametrize("folder", sorted(ROOT.glob("benchmark_*/")),
                         ids=lambda f: f.name)
def test_readme_lists_every_configuration(folder):
    text = (folder / "README.md").read_text()
    listed = re.findall(r"`(\w+\.yml)`", text.split("| configuration")[1]
                        .split("\n\n")[0])
    assert set(listed) == {c.name for c in folder.glob("configs/*.yml")}


@pytest.mark.parametrize("config", CONFIGS, ids=lambda c: c.stem)
def test_configurations_start_with_what_they_are(config):
    first = config.read_text().splitlines()[0]
    assert first.startswith("# ")
