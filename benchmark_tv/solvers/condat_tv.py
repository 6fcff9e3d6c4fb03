from importlib.util import find_spec

from benchmark_utils.direct import DirectSolver


class Solver(DirectSolver):
    """condat-tv, for A = I, sample by sample.

    L. Condat, A direct algorithm for 1-D total variation denoising, IEEE
    Signal Process. Lett. 20(11), 2013, doi:10.1109/LSP.2013.2278339.
    """

    name = "condat-tv"
    requirements = ["pip::condat-tv"]

    def skip(self, **problem):
        if find_spec("condat_tv") is None:
            return True, "its library is missing: pip install condat-tv"
        return super().skip(**problem)

    def denoise(self, x, lmbd):
        from condat_tv import tv_denoise_matrix

        return tv_denoise_matrix(x, lmbd)
