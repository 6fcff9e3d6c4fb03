from unrolling.bench.pictures import PicturePlot


class Plot(PicturePlot):
    """The first test images: the truth, what was measured where that is an
    image, and each method's, as animations over its evaluations; and images
    that the generator makes of random latents."""

    name = "Images"
    known = "generated", "truth", "measured"
