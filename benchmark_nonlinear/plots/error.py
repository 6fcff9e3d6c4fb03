from unrolling.bench.plots import CurvePlot


class Plot(CurvePlot):
    """What each method has reached, against iterations, layers or time.

    A network's curve shows what each of its layers does, not what a shallower
    network would reach.
    """

    name = "Error"
    metrics = {
        "mean square error": ("objective_mse",
                              "mean square error of an entry of x"),
        "relative error": ("objective_relative_error",
                           "||x - truth|| / ||truth||"),
        "misfit": ("objective_misfit", "||K(x) - y|| / ||y||"),
        "SSIM": ("objective_ssim", "structural similarity on the mesh"),
        "dynamic range": ("objective_dynamic_range",
                          "dynamic range, % of the truth's"),
    }
