"""Electrical impedance tomography by finite elements, many samples at once.

A conductivity, constant on each triangle, is mapped to voltages between
adjacent electrodes, one current pattern after the other: the complete
electrode model of E. Somersalo, M. Cheney and D. Isaacson, Existence and
uniqueness for electrode models for electric current computed tomography, SIAM
J. Appl. Math. 52(4), 1992, or point electrodes.
"""
import numpy as np
from scipy import sparse
from scipy.linalg.lapack import dpbtrf, dpbtrs
from scipy.sparse.csgraph import reverse_cuthill_mckee

from benchmark_utils.nonlinear_operator import Linearisation, Operator

FLOOR = 0.1
"""Conductivities below it count as this one, so that every system is positive
definite and well conditioned; the derivative is that at the floor, so that
they can recover. Inclusions are at 0.3 and above."""


class EIT(Operator):
    """sigma (n_samples, n_triangles) -> v (n_samples, n_electrodes (n - 3)).

    v[d, m] is the voltage between electrodes m and m + 1 when a unit current
    flows from electrode d to d + 1. For each d, m = d + 2, ..., d - 2 (mod
    n): pairs that touch a driving electrode are not measured.

    The system S(sigma) = sum_e sigma_e k_e + the electrodes' block is solved
    by a Cholesky factor of its band, nodes in the order of Cuthill and McKee.
    With B the current patterns and U = S^{-1} B, v[d, m] = B_m' U_d and its
    derivative to sigma_e is -U_m' k_e U_d. One diagonal entry of S is raised,
    which grounds a node: currents sum to zero, so that v is not changed.

    Parameters
    ----------
    mesh : benchmark_utils.disc.Mesh
    electrodes : ndarray of int, shape (n_electrodes, k)
        Nodes of each electrode, side by side on the boundary.
    contact : float or None
        Contact impedance of the complete electrode model; None for point
        electrodes, for which k = 1.
    """

    def __init__(self, mesh, electrodes, contact=0.01):
        self.mesh, n = mesh, len(electrodes)
        self.n_x, self.n_y = len(mesh.triangles), n * (n - 3)
        self.drive = np.repeat(np.arange(n), n - 3)
        self.measured = (self.drive + np.tile(np.arange(2, n - 1), n)) % n
        self.x_edges, self.y_edges = mesh.edges, grid_edges(n, n - 3)
        self.settings = ("eit", *mesh, electrodes, contact)
        block, B = electrode_block(mesh.nodes, electrodes, contact)
        size = len(B)
        G = gradients(mesh, size)
        pattern = (abs(G).T @ abs(G) + abs(block)).tocsr()
        order = reverse_cuthill_mckee(pattern, symmetric_mode=True)
        self.G, self.B = G[:, order].tocsr(), B[order]
        block = block[order][:, order].tocoo()
        self.band = np.ptp(np.stack(
            pattern[order][:, order].nonzero()), axis=0).max()
        self.stiffness = self.band_columns()
        self.fixed = np.zeros(size * (self.band + 1))
        lower = block.row >= block.col
        np.add.at(self.fixed, self.place(block.row, block.col)[lower],
                  block.data[lower])
        self.fixed[0] += 1  # grounds the first node

    def place(self, row, column):
        """Where LAPACK keeps an entry of the lower band, flattened."""
        return row - column + column * (self.band + 1)

    def band_columns(self):
        """The matrix that maps sigma to the flattened band of S(sigma)."""
        G, n_t = self.G, self.n_x
        size = G.shape[1]
        # rows e and n_t + e of G are the components of gradients on triangle e
        nodes, slopes = (v.reshape(2 * n_t, 3) for v in (G.indices, G.data))
        e = np.tile(np.arange(n_t), 2)
        parts = [(self.place(nodes[:, i], nodes[:, j]), e,
                  slopes[:, i] * slopes[:, j], nodes[:, i] >= nodes[:, j])
                 for i in range(3) for j in range(3)]
        place, e, value, lower = map(np.concatenate, zip(*parts, strict=True))
        kept = lower & (value != 0)
        return sparse.csr_matrix(
            (value[kept], (place[kept], e[kept])),
            shape=(size * (self.band + 1), n_t))

    def project(self, x):
        return np.maximum(x, FLOOR)

    def fields(self, sigma):
        """Voltages (n_drives, n_electrodes) and scaled gradients of the
        potentials (n_drives, 2 n_triangles); NaN where sigma is not finite or
        S(sigma) is not positive definite up to rounding."""
        flat = self.stiffness @ self.project(sigma) + self.fixed
        if np.isfinite(flat).all():
            band = flat.reshape(len(self.B), self.band + 1).T
            factor, info = dpbtrf(band, lower=1, overwrite_ab=1)
            if not info:
                U, _ = dpbtrs(factor, self.B, lower=1)
                return U.T @ self.B, np.ascontiguousarray((self.G @ U).T)
        n = self.B.shape[1]
        return np.full((n, n), np.nan), np.full((n, 2 * self.n_x), np.nan)

    def at(self, x):
        found = [self.fields(sigma) for sigma in x]
        value = np.array([v[self.drive, self.measured] for v, _ in found])

        def pull(r):
            R = np.zeros((len(x), self.B.shape[1], self.B.shape[1]))
            R[:, self.drive, self.measured] = r
            return np.array([-self.on_triangles((M.T @ g * g).sum(axis=0))
                             for M, (_, g) in zip(R, found, strict=True)])

        def push(d):
            tables = [-(g * np.tile(one, 2)) @ g.T
                      for one, (_, g) in zip(d, found, strict=True)]
            return np.array([table[self.drive, self.measured]
                             for table in tables])

        def jacobian():
            J = np.empty((len(x), self.n_y, self.n_x))
            for rows, (_, g) in zip(J, found, strict=True):
                self.fill(rows, g)
            return J

        return Linearisation(
            value.reshape(len(x), self.n_y), pull, push, jacobian)

    def on_triangles(self, both):
        """The sum of the two components (..., 2 n_triangles)."""
        return both[..., :self.n_x] + both[..., self.n_x:]

    def fill(self, J, g):
        """Write the Jacobian of one sample, drive by drive: a block fits in
        the cache, and its rows m = d + 2, ..., d - 2 follow each other."""
        n, n_x = len(g), self.n_x
        twice, J = np.concatenate([g, g]), J.reshape(n, n - 3, n_x)
        for d in range(n):
            block = twice[d + 2:d + n - 1]
            np.multiply(block[:, :n_x], -g[d, :n_x], out=J[d])
            J[d] -= block[:, n_x:] * g[d, n_x:]


def gradients(mesh, size):
    """Gradients of nodal functions on the triangles, times the root of their
    areas: sparse (2 n_triangles, size), its rows with three entries each."""
    p, q, r = mesh.nodes[mesh.triangles].transpose(1, 0, 2)
    double = np.linalg.det(np.stack([q - p, r - p], axis=1))
    opposite = np.stack([r - q, p - r, q - p], axis=1)
    slopes = opposite / np.sqrt(2 * double)[:, None, None]
    slopes = np.concatenate([-slopes[..., 1], slopes[..., 0]])
    n_rows = len(slopes)
    return sparse.csr_matrix(
        (slopes.ravel(), np.tile(mesh.triangles, (2, 1)).ravel(),
         3 * np.arange(n_rows + 1)), shape=(n_rows, size))


def electrode_block(nodes, electrodes, contact):
    """What electrodes add to the stiffness matrix, and current patterns.

    Parameters as for EIT.

    Returns
    -------
    block : sparse matrix, (size, size)
    B : ndarray, shape (size, n_electrodes)
        Pattern d: current 1 into electrode d, out of d + 1. Unknowns are the
        potentials of the nodes and, with a contact impedance, of electrodes.
    """
    n_nodes, n = len(nodes), len(electrodes)
    size = n_nodes + (n if contact else 0)
    source = (n_nodes + np.arange(n)) if contact else electrodes[:, 0]
    B = np.zeros((size, n))
    B[source, np.arange(n)] = 1
    B[np.roll(source, -1), np.arange(n)] = -1
    block = sparse.lil_matrix((size, size))
    if contact:
        for electrode, own in zip(electrodes, source, strict=True):
            for i, j in zip(electrode[:-1], electrode[1:], strict=True):
                h = np.linalg.norm(nodes[i] - nodes[j]) / contact
                local = h / 6 * np.array(
                    [[2, 1, -3], [1, 2, -3], [-3, -3, 6]])
                block[np.ix_([i, j, own], [i, j, own])] += local
    return block.tocsr(), B


def grid_edges(n_drives, n_measured):
    """Neighbours among measurements: the next pair of electrodes for the same
    drive, and the same relative pair for the next drive, which is cyclic."""
    number = np.arange(n_drives * n_measured).reshape(n_drives, n_measured)
    return np.concatenate([
        np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1),
        np.stack([number.ravel(), np.roll(number, -1, axis=0).ravel()],
                 axis=1)])
