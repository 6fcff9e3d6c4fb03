from unrolling.bench.pictures import PicturePlot


class Plot(PicturePlot):
    """What each GAN generates beside the test samples (truth), as animations.

    Images are shown as they are, points of the plane by their density.
    """

    name = "Generated samples"
    known = ("truth",)
