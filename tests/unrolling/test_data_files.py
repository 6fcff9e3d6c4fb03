"""Damaged files of data are reported as missing: their data set is skipped."""
import gzip
import hashlib
import json
from pathlib import Path

import numpy as np
import pooch
import pytest

from unrolling.data import MissingFile
from unrolling.data.images import normalise
from unrolling.data.mnist import load_mnist_images
from unrolling.data.openml import load_openml

ARFF = "@attribute X numeric\n@data\n1.0\n"
NO_DESCRIPTIONS = [
    '{"error": {"code": "111"}}', '{"data_set_description": {"url": "u"}}',
    '{"data_set_description": null}', "[]", "not JSON", ""]


def test_a_damaged_deflate_stream(tmp_path, rng):
    content = bytearray(gzip.compress(rng.bytes(1000)))
    content[10] |= 0b111  # a block of a type that there is not
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(content)
    with pytest.raises(MissingFile, match="expected a readable .*delete it"):
        load_mnist_images(tmp_path)


@pytest.mark.parametrize("kept", NO_DESCRIPTIONS)
def test_a_kept_file_that_describes_nothing(tmp_path, kept):
    (tmp_path / "data.arff").write_text(ARFF)
    (tmp_path / "openml_1.json").write_text(kept)
    with pytest.raises(MissingFile, match="delete .* and openml_1.json"):
        load_openml(1, tmp_path, "data.arff")


@pytest.mark.parametrize("served", NO_DESCRIPTIONS)
def test_a_downloaded_file_that_describes_nothing(
        tmp_path, monkeypatch, served):
    """It is not kept: the data that are copied there next are read."""
    def retrieve(url, known_hash, fname, path, **_):
        (Path(path) / fname).write_text(served)

    monkeypatch.setattr(pooch, "retrieve", retrieve)
    with pytest.raises(MissingFile, match="copy the ARFF file there"):
        load_openml(1, tmp_path, "data.arff")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "data.arff").write_text(ARFF)
    names, values = load_openml(1, tmp_path, "data.arff")
    assert names == ["X"]
    np.testing.assert_array_equal(values, [[1.0]])


def test_a_sound_description_is_used(tmp_path):
    (tmp_path / "data.arff").write_text(ARFF)
    (tmp_path / "openml_1.json").write_text(json.dumps({
        "data_set_description": {"url": "u", "md5_checksum": hashlib.md5(
            ARFF.encode()).hexdigest()}}))
    assert load_openml(1, tmp_path, "data.arff")[0] == ["X"]


@pytest.mark.parametrize("scale", [1e-250, 1e-13, 1.0, 1e200])
def test_images_are_normalised_at_any_scale(rng, scale):
    images = rng.standard_normal((3, 40))
    images[1] = 1 / 3
    found = normalise(scale * images)
    assert found.shape == (2, 40)
    np.testing.assert_allclose(found, normalise(images), atol=1e-13)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1)
    with pytest.raises(ValueError, match="images must be finite, got 1 NaN"):
        normalise(np.where(images == images[0, 0], np.nan, images))
