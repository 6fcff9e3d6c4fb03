"""Copies and files of a SparseEncoder, and files that are damaged."""
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from unrolling import SparseEncoder
from unrolling.encoder.coder import METHODS


def as_pickled(fitted, _):
    return pickle.loads(pickle.dumps(fitted))


def as_saved(fitted, folder):
    fitted.save(folder / "encoder.safetensors")
    return SparseEncoder.load(folder / "encoder.safetensors")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("copied", [as_pickled, as_saved])
def test_copies_are_exact(
        coding, tmp_path, copied, method, encoder, assert_same):
    """A copy has the same arrays to the bit, and so the same codes."""
    dictionary, X = coding
    fitted = encoder(dictionary, method, sparse_output=True).fit(X)
    copy = copied(fitted, tmp_path)
    assert copy.coder_.parameters.keys() == fitted.coder_.parameters.keys()
    for name, value in fitted.coder_.parameters.items():
        np.testing.assert_array_equal(copy.coder_.parameters[name], value)
    assert_same(copy.transform(X).toarray(), fitted.transform(X).toarray())
    assert copy.duality_gap_ == fitted.duality_gap_
    parameters, expected = copy.get_params(), fitted.get_params()
    np.testing.assert_array_equal(
        parameters.pop("dictionary"), expected.pop("dictionary"))
    assert parameters == expected
    copy.fit(X)


def test_a_saved_encoder_is_as_fitted(tmp_path, few_epochs):
    """Its names and learned atoms are kept; a generator is not."""
    pandas = pytest.importorskip("pandas")
    X = pandas.DataFrame(np.eye(3), columns=["a", "b", "c"])
    fitted = SparseEncoder(n_components=np.int64(2), reg=np.float32(0.5),
                           random_state=np.random.RandomState(0)).fit(X)
    fitted.set_params(reg=0.7)
    copy = as_saved(fitted, tmp_path)
    assert copy.get_params() == fitted.get_params() | {
        "reg": 0.5, "random_state": None}
    assert list(copy.feature_names_in_) == ["a", "b", "c"]
    assert copy.n_features_in_ == 3
    np.testing.assert_array_equal(copy.components_, fitted.components_)
    assert list(copy.get_feature_names_out()) == [
        "sparseencoder0", "sparseencoder1"]
    assert list(copy.set_output(transform="pandas").transform(X)) == [
        "sparseencoder0", "sparseencoder1"]


def test_a_file_that_cannot_be_written(coding, tmp_path, encoder):
    dictionary, X = coding
    (tmp_path / "file").write_text("a file")
    with pytest.raises(OSError, match="file"):
        encoder(dictionary).fit(X).save(tmp_path / "file" / "encoder")
    assert os.listdir(tmp_path) == ["file"]
    with pytest.raises(NotFittedError):
        encoder(dictionary).save(tmp_path / "encoder")


def test_a_full_disk_leaves_the_former_file(
        coding, tmp_path, monkeypatch, encoder, assert_same):
    dictionary, X = coding
    path = tmp_path / "encoder"
    fitted = encoder(dictionary).fit(X)
    fitted.save(path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        clone(fitted).set_params(reg=0.9).fit(X).save(path)
    assert os.listdir(tmp_path) == ["encoder"]
    assert_same(SparseEncoder.load(path).transform(X), fitted.transform(X))


def test_damaged_files(coding, tmp_path, encoder):
    """Cut or changed anywhere, they are refused or say the same."""
    dictionary, X = coding
    path = tmp_path / "encoder"
    fitted = encoder(dictionary).fit(X)
    fitted.save(path)
    content = path.read_bytes()
    changed, refusals = np.frombuffer(content, np.uint8).copy(), []
    for i in range(0, len(content), 37):
        changed[i] ^= 4
        for damaged in (content[:i], changed.tobytes()):
            path.write_bytes(damaged)
            try:
                loaded = SparseEncoder.load(path)
            except ValueError as error:
                refusals.append(str(error))
            else:
                np.testing.assert_array_equal(
                    loaded.components_, fitted.components_)
        changed[i] ^= 4
    assert len(refusals) > len(content) / 37
    for message in refusals:
        assert "expected a sound SparseEncoder in" in message
        assert "save the encoder again" in message


def test_files_of_something_else(coding, tmp_path, encoder):
    dictionary, X = coding
    path = tmp_path / "network"
    with pytest.raises(FileNotFoundError):
        SparseEncoder.load(path)
    encoder(dictionary, "step-lista").fit(X).network_.save(path)
    with pytest.raises(ValueError, match="expected a SparseEncoder in .*"
                       "network, got a file of weights: load it with"):
        SparseEncoder.load(path)


def test_the_exact_encoder_needs_no_torch(tmp_path):
    code = (
        "import sys, numpy as np; from unrolling import SparseEncoder; "
        "e = SparseEncoder(np.eye(3)); e.fit_transform(np.eye(3)); "
        f"e.save({str(tmp_path / 'e')!r}); "
        f"SparseEncoder.load({str(tmp_path / 'e')!r}).transform(np.eye(3)); "
        "assert 'torch' not in sys.modules")
    subprocess.run([sys.executable, "-c", code], check=True)
