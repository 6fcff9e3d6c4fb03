import numpy as np
from benchopt import BaseDataset
from benchopt.config import get_data_path

from unrolling.data import MissingFile, refused
from unrolling.data.openml import load_openml

DATA_ID, FILE = 43884, "mne-sample-meg-auditory.arff"


class Dataset(BaseDataset):
    """Magnetoencephalography: MNE's sample recording, 305 sensors.

    The whitened leadfield of 7498 cortical sources, of which n_atoms evenly
    spaced ones are kept, and the averaged response, 40 to 180 ms after a
    sound: in the left ear (training, 85 time samples) or the right (test,
    85). OpenML's data set 43884, the one of benchopt's benchmark_lasso, is
    looked for in benchopt's data path for `meg` and else downloaded there,
    and checked against the MD5 that OpenML publishes. A. Gramfort et al., MEG
    and EEG data analysis with MNE-Python, Front. Neurosci. 7:267, 2013,
    doi:10.3389/fnins.2013.00267.
    """

    name = "MEG"
    requirements = ["pip::pooch"]

    parameters = {"n_atoms": [1000]}
    test_config = {"n_atoms": 50}

    def get_data(self):
        try:
            names, values = load_openml(DATA_ID, get_data_path("meg"), FILE)
        except MissingFile as error:
            return refused(str(error))
        # X0000 ... are sources, L00 ... and R00 ... time samples
        sources, left, right = (
            values[:, [name.startswith(kind) for name in names]]
            for kind in "XLR")
        n_sources = sources.shape[1]
        if not 1 <= self.n_atoms <= n_sources:
            return refused(f"n_atoms must be 1 to {n_sources}, the sources "
                           f"there are, got n_atoms={self.n_atoms}")
        kept = np.linspace(0, n_sources - 1, self.n_atoms).astype(int)
        return {"D": sources[:, kept], "x_train": left.T, "x_test": right.T}

    def prepare(self):
        """Fetch the file; an error where it cannot be had."""
        load_openml(DATA_ID, get_data_path("meg"), FILE)
