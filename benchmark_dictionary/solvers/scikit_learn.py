import warnings

import numpy as np
from benchmark_utils.alternation import AlternatingSolver
from sklearn.decomposition import MiniBatchDictionaryLearning

from unrolling.options import COUNT


class Solver(AlternatingSolver):
    """scikit-learn's online dictionary learning, one minibatch an iteration.

    J. Mairal, F. Bach, J. Ponce and G. Sapiro, Online learning for matrix
    factorization and sparse coding, J. Mach. Learn. Res. 11, 2010,
    arXiv:0908.0050. Its codes are those of minibatches: none are returned.
    """

    name = "scikit-learn"
    requirements = ["scikit-learn"]
    parameters = {"batch_size": [256]}
    ranges = {"batch_size": COUNT}
    test_config = {"batch_size": 20}

    def run(self, cb):
        rng = np.random.default_rng(self.get_seed())
        self.D = self.D_init
        learner = MiniBatchDictionaryLearning(
            self.D.shape[1], alpha=self.lmbd, fit_algorithm="cd",
            dict_init=self.D.T.copy(), random_state=0)
        while cb():
            rows = rng.choice(len(self.x), self.batch_size)
            with warnings.catch_warnings(action="ignore"):
                learner.partial_fit(self.x[rows])
            self.D = learner.components_.T

    def get_result(self):
        return {"D": self.D}
