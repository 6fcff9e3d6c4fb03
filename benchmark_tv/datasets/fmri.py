from benchopt import BaseDataset
from benchopt.config import get_data_path
from nilearn.datasets import fetch_coords_power_2011, fetch_development_fmri
from nilearn.maskers import NiftiSpheresMasker
from scipy.linalg import toeplitz

from unrolling.data import MissingFile, refused
from unrolling.data.fmri import sample_response

T_R = 2.0
"""Repetition time of the recordings, s."""


class Dataset(BaseDataset):
    """Functional MRI: recordings of two adults who watch a film.

    From H. Richardson, G. Lisandrelli, A. Riobueno-Naylor and R. Saxe,
    Development of the social brain from age three to twelve years, Nat.
    Commun. 9:1027, 2018, doi:10.1038/s41467-018-03399-2, through nilearn's
    fetcher, which looks for the files in benchopt's data path for `fmri` and
    else downloads them there (12 MB). Samples are means over spheres around
    the 264 coordinates of J. Power et al., Neuron 72(4), 2011, cleaned of the
    confounds and of drifts below 0.01 Hz; the first adult's are for training,
    the second one's for testing. A is the causal Toeplitz matrix of the
    haemodynamic response, every 2 s.
    """

    name = "fMRI"
    requirements = ["pip::nilearn"]

    parameters = {"response": ["spm"]}

    def get_data(self):
        try:
            recordings = load()
        except MissingFile as error:
            return refused(str(error))
        coords = fetch_coords_power_2011().rois
        masker = NiftiSpheresMasker(
            coords[["x", "y", "z"]].to_numpy(), radius=8, detrend=True,
            standardize="zscore_sample", high_pass=0.01, t_r=T_R,
            allow_overlap=True)
        x_train, x_test = (
            masker.fit_transform(image, confounds=confounds).T
            for image, confounds in recordings)
        n_scans = x_train.shape[1]
        hrf = sample_response(self.response, T_R)
        column = [*hrf, *[0] * n_scans][:n_scans]
        return {"A": toeplitz(column, [0] * n_scans), "x_train": x_train,
                "x_test": x_test}

    def prepare(self):
        """Fetch the files; an error where they cannot be had."""
        load()


def load():
    """The recordings: (image file, confounds file) of each of two adults.

    MissingFile, with the reason, where they cannot be had.
    """
    folder = get_data_path("fmri")
    try:
        found = fetch_development_fmri(
            n_subjects=2, age_group="adult", data_dir=folder, verbose=0)
    except Exception as error:  # nilearn's differ with what is missing
        raise MissingFile(
            f"expected nilearn's development_fmri in {folder}, or a network "
            f"to download it from, got neither ({type(error).__name__}: "
            f"{error}): copy the files there, or run `benchopt prepare "
            "benchmark_tv` where there is a network") from error
    return list(zip(found.func, found.confounds, strict=True))
