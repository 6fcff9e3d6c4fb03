from unrolling.bench.plots import CurvePlot


class Plot(CurvePlot):
    """Certified suboptimality on the test set against cost.

    P(u*) is that of a reference whose duality gap is at most 1e-12, or as
    small as rounding allows, not the best value that a solver happened to
    reach.
    """

    name = "Suboptimality"
    metrics = {
        "mean": ("objective_suboptimality",
                 "P(u) - P(u*), mean over test samples"),
        "median": ("objective_suboptimality_median",
                   "P(u) - P(u*), median over test samples"),
        "worst": ("objective_suboptimality_worst",
                  "P(u) - P(u*), worst over test samples"),
        "duality gap": ("objective_duality_gap",
                        "largest relative duality gap"),
        "segments": ("objective_n_segments",
                     "segments of u, mean over test samples"),
    }
