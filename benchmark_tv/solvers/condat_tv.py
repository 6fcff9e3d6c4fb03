from benchmark_utils.direct import DirectSolver


class Solver(DirectSolver):
    """condat-tv, for A = I, sample by sample.

    L. Condat, A direct algorithm for 1-D total variation denoising, IEEE
    Signal Process. Lett. 20(11), 2013, doi:10.1109/LSP.2013.2278339.
    """

    name = "condat-tv"
    requirements = ["pip::condat-tv"]
    library, install = "condat_tv", "pip install condat-tv"

    def denoise(self, x, lmbd):
        from condat_tv import tv_denoise_matrix

        return tv_denoise_matrix(x, lmbd)
