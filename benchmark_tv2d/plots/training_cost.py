from unrolling.bench.plots import TrainingCostPlot


class Plot(TrainingCostPlot):
    """Held-out suboptimality against the time that training took.

    There is one point per depth. Its time includes the shallower networks
    that it was warm-started from.
    """

    name = "Training cost"
    metric = ("objective_suboptimality",
              "Held-out P(u) - P(u*), mean over test images")
