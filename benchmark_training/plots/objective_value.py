from unrolling.bench.plots import CurvePlot


class Plot(CurvePlot):
    """The objective at each block's parameters, and the consensus gap.

    Of a GAN, the first metric is the sliced Wasserstein distance.
    """

    name = "Objective value"
    metrics = {
        "objective at theta_1": (
            "objective_value", "F(theta_1), or sliced Wasserstein distance"),
        "objective at theta_2": ("objective_value_theta_2", "F(theta_2)"),
        "objective at the average": (
            "objective_value_average", "F((theta_1 + theta_2)/2)"),
        "excess": ("objective_excess", "F(theta_1) / F* - 1"),
        "consensus gap": (
            "objective_consensus_gap", "||theta_1 - theta_2|| / ||average||"),
        "test error": ("objective_test_error", "RMSE or error rate"),
        "modes": ("objective_modes", "modes reached"),
        "fraction": ("objective_fraction", "share of samples close to data"),
    }
