from unrolling.bench.plots import CurvePlot


class Plot(CurvePlot):
    """What each method has reached at w = G(z), against cost.

    Errors are those of each image's best iterate so far and best restart, by
    L + R + H; the infeasibility is that of the last iterate.
    """

    name = "Measurement error"
    metrics = {
        "measurement error": ("objective_measurement_error",
                              "L(G(z)), mean over test images"),
        "value": ("objective_value",
                  "L + R + H at G(z), mean over test images"),
        "reconstruction error": ("objective_reconstruction_error",
                                 "mean squared error of a pixel"),
        "infeasibility": ("objective_infeasibility",
                          "||w - G(z)||, mean over test images"),
        "accuracy": ("objective_accuracy",
                     "accuracy of the classifier on the images"),
    }
