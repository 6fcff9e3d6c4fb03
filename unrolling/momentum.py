"""Nesterov's momentum, as in FISTA, with adaptive restart."""


class Momentum:
    """y_t = z_t + (s_{t-1} - 1) / s_t (z_t - z_{t-1}), for a batch.

    s_0 = 1 and s_t = (1 + sqrt(1 + 4 s_{t-1}^2)) / 2: A. Beck and M.
    Teboulle, SIAM J. Imaging Sci. 2(1), 2009, doi:10.1137/080716542, eq. 4.2
    and 4.3. With restart, s goes back to 1 for each sample whose step z_t -
    y_{t-1} points against its move z_t - z_{t-1} (gradient scheme of B.
    O'Donoghue and E. Candes, Found. Comput. Math. 15, 2015, arXiv:1204.3982).

    Parameters
    ----------
    z : ndarray or Tensor, shape (n_samples, n)
        The start z_0.
    restart : bool
    """

    def __init__(self, z, restart=True):
        self.z, self.restart = z, restart
        self.s = z[:, :1] * 0 + 1

    def __call__(self, y, z):
        """The next point y_t, from y_{t-1} and z_t, which is kept."""
        move = z - self.z
        if self.restart:
            self.s[((y - z) * move).sum(1) > 0] = 1
        s, self.s = self.s, (1 + (1 + 4 * self.s**2) ** 0.5) / 2
        self.z = z
        return z + (s - 1) / self.s * move

    def __getitem__(self, rows):
        """The momentum of some of the samples."""
        part = Momentum(self.z[rows], self.restart)
        part.s = self.s[rows]
        return part
