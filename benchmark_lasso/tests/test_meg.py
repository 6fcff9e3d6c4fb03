"""The recorded MEG data: a small counterfeit of OpenML's file."""
import hashlib
import json
from pathlib import Path

import numpy as np
import pooch
import pytest
from benchopt.config import get_data_path

from unrolling.data import MissingFile
from unrolling.data.openml import DESCRIPTION, load_openml

FILE, URL = "mne-sample-meg-auditory.arff", "https://example.org/meg.arff"


@pytest.fixture
def values():
    """7 sensors; 30 sources, 4 time samples left and 5 right."""
    return np.random.default_rng(0).standard_normal((7, 39))


@pytest.fixture
def arff(values):
    names = [f"{kind}{k:04}" for kind, n in (("X", 30), ("L", 4), ("R", 5))
             for k in range(n)]
    rows = [",".join(map(repr, row.tolist())) for row in values]
    return "\n".join([
        "% made up", "@RELATION mne-sample", "",
        *(f"@ATTRIBUTE {name} REAL" for name in names), "", "@DATA", *rows,
        ""])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the data set looks for its file; there is no network."""
    def no_network(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr(pooch, "retrieve", no_network)
    monkeypatch.setenv("BENCHOPT_DATA_HOME", str(tmp_path))
    path = tmp_path / "meg"
    path.mkdir()
    return path


def describe(content, url=URL):
    return json.dumps({"data_set_description": {
        "url": url, "md5_checksum": hashlib.md5(content).hexdigest()}})


def refusal(suite, **parameters):
    """The reason that the objective gives for skipping the data."""
    objective = type(suite.make_objective()).get_instance(reg=0.5)
    skip, reason = objective._set_dataset(
        suite.make_dataset("MEG", **parameters))
    assert skip
    return reason


@pytest.mark.parametrize("described", [False, True])
def test_file_in_the_data_path(suite, folder, arff, values, described):
    (folder / FILE).write_text(arff)
    if described:
        (folder / "openml_43884.json").write_text(describe(arff.encode()))
    data = suite.make_dataset("MEG", n_atoms=30).get_data()
    np.testing.assert_array_equal(data["D"], values[:, :30])
    np.testing.assert_array_equal(data["x_train"], values[:, 30:34].T)
    np.testing.assert_array_equal(data["x_test"], values[:, 34:].T)
    few = suite.make_dataset("MEG", n_atoms=4).get_data()
    np.testing.assert_array_equal(few["D"], values[:, [0, 9, 19, 29]])
    objective = type(suite.make_objective()).get_instance(reg=0.5)
    assert objective._set_dataset(
        suite.make_dataset("MEG", n_atoms=30)) == (False, None)
    assert objective.reference.gap <= 1e-12


def test_too_many_atoms_are_refused(suite, folder, arff):
    (folder / FILE).write_text(arff)
    assert "n_atoms must be 1 to 30, the sources there are, got n_atoms=31" \
        in refusal(suite, n_atoms=31)


def test_missing_file_without_a_network(suite, folder):
    reason = refusal(suite)
    assert f"expected {folder / FILE}, or a network" in reason
    assert "got neither (OSError): copy the ARFF file there" in reason
    with pytest.raises(MissingFile):
        suite.make_dataset("MEG").prepare()


def damaged(arff, kind):
    lines = arff.splitlines()
    return {
        "empty": "",
        "no rows": arff.split("@DATA")[0],
        "short row": arff.rpartition(",")[0],
        "words": arff.replace("\n-", "\nword", 1),
        "missing column": "\n".join(lines[:3] + lines[4:]),
        "nan": "\n".join([*lines[:-1], "nan," + lines[-1].split(",", 1)[1]]),
    }[kind]


@pytest.mark.parametrize("kind", ["empty", "no rows", "short row", "words",
                                  "missing column", "nan"])
def test_damaged_files(suite, folder, arff, kind):
    (folder / FILE).write_text(damaged(arff, kind))
    reason = refusal(suite)
    assert reason.startswith("expected OpenML's data set 43884 in ")
    assert "openml_43884.json, and the next run downloads them" in reason


def test_checksum_of_the_description(suite, folder, arff):
    (folder / "openml_43884.json").write_text(describe(arff.encode()))
    (folder / FILE).write_text(arff.replace("1", "2", 1))
    md5 = hashlib.md5(arff.encode()).hexdigest()
    assert f"instead of OpenML's {md5}" in refusal(suite)


@pytest.fixture
def network(monkeypatch, folder, arff):
    """Serves the description and the file, as pooch would; what it was asked.
    """
    asked = {}
    served = {DESCRIPTION.format(43884): describe(arff.encode()).encode(),
              URL: arff.encode()}

    def retrieve(url, known_hash, fname, path, **_):
        asked[url] = known_hash
        (Path(path) / fname).write_bytes(served[url])

    monkeypatch.setattr(pooch, "retrieve", retrieve)
    return asked


def test_download(suite, folder, arff, network, values):
    (folder / "openml_43884.json").write_text("what an earlier run left")
    suite.make_dataset("MEG").prepare()
    md5 = hashlib.md5(arff.encode()).hexdigest()
    assert network == {DESCRIPTION.format(43884): None, URL: f"md5:{md5}"}
    assert (folder / FILE).read_text() == arff
    network.clear()
    _, again = load_openml(43884, get_data_path("meg"), FILE)
    np.testing.assert_array_equal(again, values)
    assert network == {}
