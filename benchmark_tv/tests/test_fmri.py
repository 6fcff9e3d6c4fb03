"""Recordings of functional MRI, through a stand-in for nilearn's fetcher."""
import sys
from types import SimpleNamespace

import nibabel
import numpy as np
import pytest
from benchopt.config import get_data_path

from unrolling.data import MissingFile
from unrolling.data.fmri import sample_response


@pytest.fixture
def fetcher(suite, monkeypatch, tmp_path):
    """Stands for nilearn's; its `result` is an error, or what it returns."""
    monkeypatch.setenv("BENCHOPT_DATA_HOME", str(tmp_path))
    fetcher = SimpleNamespace(result=None, asked=None)

    def fetch(**options):
        fetcher.asked = options
        if isinstance(fetcher.result, Exception):
            raise fetcher.result
        return fetcher.result

    module = sys.modules[suite.get_class("fMRI").__module__]
    monkeypatch.setattr(module, "fetch_development_fmri", fetch)
    return fetcher


def test_without_a_network(suite, refusal, fetcher):
    fetcher.result = OSError("no network")
    reason = refusal("fMRI")
    assert "expected nilearn's development_fmri in" in reason
    assert "got neither (OSError: no network)" in reason
    with pytest.raises(MissingFile):
        suite.make_dataset("fMRI").prepare()


def test_recordings(suite, fetcher, tmp_path):
    """Two made-up brains of 8 mm voxels: 264 spheres, centred."""
    rng = np.random.default_rng(0)
    affine = np.diag([8.0, 8, 8, 1])
    affine[:3, 3] = -96, -128, -88
    files = []
    for k in range(2):
        image = nibabel.Nifti1Image(
            rng.standard_normal((25, 28, 25, 50)).astype(np.float32), affine)
        files.append(str(tmp_path / f"{k}.nii"))
        nibabel.save(image, files[-1])
    confounds = [str(tmp_path / f"{k}.tsv") for k in range(2)]
    for file in confounds:
        np.savetxt(file, rng.standard_normal((50, 2)), delimiter="\t",
                   header="a\tb", comments="")
    fetcher.result = SimpleNamespace(func=files, confounds=confounds)
    data = suite.make_dataset("fMRI").get_data()
    assert fetcher.asked["data_dir"] == get_data_path("fmri")
    assert data["A"].shape == (50, 50)
    assert data["x_train"].shape == data["x_test"].shape == (264, 50)
    np.testing.assert_allclose(data["x_train"].mean(axis=1), 0, atol=1e-5)
    hrf = sample_response("spm", 2.0)
    np.testing.assert_allclose(data["A"][:len(hrf), 0], hrf)
    assert np.allclose(data["A"], np.tril(data["A"]))
    objective = type(suite.make_objective()).get_instance(reg=0.5)
    assert objective._set_dataset(suite.make_dataset("fMRI")) == (False, None)
