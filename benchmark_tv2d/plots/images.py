from unrolling.bench.pictures import PicturePlot


class Plot(PicturePlot):
    """The first test images: the truth where it is known, the observed ones,
    and each method's, as animations over its evaluations."""

    name = "Images"
    known = "truth", "observed"
