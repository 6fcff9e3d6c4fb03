from unrolling.bench.plots import TrainingCostPlot


class Plot(TrainingCostPlot):
    """The error on the test samples against the time that training took, or
    the tuning of a classical method's parameter."""

    name = "Training cost"
    metric = ("objective_mse", "mean square error of an entry of x")
