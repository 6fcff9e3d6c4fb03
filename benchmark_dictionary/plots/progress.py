from unrolling.bench.plots import CurvePlot


class Plot(CurvePlot):
    """The objective and the distance to a stationary point against cost.

    F(D) is measured with codes that are solved anew for each dictionary.
    """

    name = "Progress"
    metrics = {
        "training": ("objective_value", "F(D), training samples"),
        "held out": ("objective_value_test", "F(D), held-out samples"),
        "codes": ("objective_value_at_codes",
                  "Cost of the solver's own codes, training samples"),
        "stationarity": ("objective_stationarity",
                         "Relative step of projected gradient descent"),
        "recovery": ("objective_recovery",
                     "Mean |cosine| with the planted atoms"),
    }
