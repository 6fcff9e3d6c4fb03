"""A wheel holds every package of `unrolling`, however deep it lies."""
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = ["pyproject.toml", "README.md", "LICENSE"]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """Names of the files in a wheel of a copy with one more nested package."""
    copy = tmp_path_factory.mktemp("copy")
    for name in FILES:
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "unrolling", copy / "unrolling",
                    ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "unrolling/lasso/deeper/still").mkdir(parents=True)
    for package in ("lasso/deeper", "lasso/deeper/still"):
        (copy / "unrolling" / package / "__init__.py").write_text("")
    (copy / "unrolling/lasso/deeper/still/module.py").write_text("x = 1\n")
    (copy / "benchmark_other").mkdir()
    (copy / "benchmark_other" / "__init__.py").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", "from setuptools import build_meta; "
         "build_meta.build_wheel('dist')"],
        cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = (copy / "dist").glob("unrolling-*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_nested_packages_are_in_the_wheel(names):
    assert "unrolling/lasso/deeper/still/module.py" in names


def test_all_sources_are_in_the_wheel(names):
    sources = {str(f.relative_to(ROOT))
               for f in ROOT.glob("unrolling/**/*.py")}
    assert sources <= set(names)


def test_nothing_else_is(names):
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "unrolling"}
