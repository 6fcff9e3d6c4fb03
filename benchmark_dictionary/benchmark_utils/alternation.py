"""Dictionary learning by alternating minimisation, whatever the Z-step."""
import numpy as np

from unrolling.bench.checked import CheckedSolver
from unrolling.bench.criteria import GapCriterion
from unrolling.parallel import one_blas_thread

N_PASSES = 5
"""Passes over the atoms in one D-step: cheap beside any Z-step."""


def dictionary_step(D, x, z):
    """Block coordinate descent on D, the codes z being fixed.

    Each atom in turn is the exact minimiser over ||d_j|| <= 1 of
    mean_i 1/2 ||x_i - D z_i||^2, which depends on the samples by z'z and z'x
    alone. An atom that no sample uses stays as it is. J. Mairal, F. Bach, J.
    Ponce and G. Sapiro, Online learning for matrix factorization and sparse
    coding, J. Mach. Learn. Res. 11, 2010, algorithm 2, arXiv:0908.0050.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    z : ndarray, shape (n_samples, n_atoms)

    Returns
    -------
    ndarray, shape (n_dim, n_atoms)
    """
    A, B = z.T @ z, z.T @ x
    atoms = D.T.copy()
    for _ in range(N_PASSES):
        for j in np.flatnonzero(A.diagonal()):
            atoms[j] += (B[j] - A[j] @ atoms) / A[j, j]
            atoms[j] /= max(1, np.linalg.norm(atoms[j]))
    return atoms.T.copy()


class AlternatingSolver(CheckedSolver):
    """Z-step, D-step, Z-step, ...: the Z-step is all that a solver file says.

    One iteration is both steps. What is timed is all that a user pays:
    Lipschitz constants of each dictionary and training included.
    """

    sampling_strategy = "callback"
    stopping_criterion = GapCriterion(
        tol=1e-6, strategy="callback", key_to_monitor="stationarity")

    def codes(self, D, z):
        """Codes (n_samples, n_atoms) of self.x for D, from the last ones."""
        raise NotImplementedError(f"{type(self).__name__}.codes")

    def set_objective(self, D_init, x, lmbd, max_time):
        self.D_init, self.x, self.lmbd = D_init, x, lmbd
        self.max_time = max_time

    def warm_up(self):
        self.run_once(2)  # what is trained is first trained in the second

    def run(self, cb):
        self.D = self.D_init
        self.z = np.zeros((len(self.x), self.D.shape[1]))
        while cb():
            self.z = self.codes(self.D, self.z)
            # BLAS's threads would spin into the next Z-step
            with one_blas_thread:
                self.D = dictionary_step(self.D, self.x, self.z)

    def get_result(self):
        return {"D": self.D, "z": self.z}
