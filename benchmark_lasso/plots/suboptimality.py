from unrolling.bench.plots import CurvePlot


class Plot(CurvePlot):
    """Certified suboptimality on the test set against cost.

    F(z*) is that of a reference whose duality gap is at most 1e-12, not the
    best value that a solver happened to reach. A sweep of CD stands where as
    many layers do that make its multiplications.
    """

    name = "Suboptimality"
    metrics = {
        "mean": ("objective_suboptimality",
                 "F(z) - F(z*), mean over test samples"),
        "median": ("objective_suboptimality_median",
                   "F(z) - F(z*), median over test samples"),
        "worst": ("objective_suboptimality_worst",
                  "F(z) - F(z*), worst over test samples"),
        "duality gap": ("objective_duality_gap",
                        "largest relative duality gap"),
    }
