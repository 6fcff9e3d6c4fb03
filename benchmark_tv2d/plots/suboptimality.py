from unrolling.bench.plots import CurvePlot


class Plot(CurvePlot):
    """Suboptimality and restoration on the test images against cost.

    P(u*) is that of a long run of ADMM, whose own duality gap is the metric
    reference_gap: curves say nothing below it.
    """

    name = "Suboptimality"
    metrics = {
        "mean": ("objective_suboptimality",
                 "P(u) - P(u*), mean over test images"),
        "median": ("objective_suboptimality_median",
                   "P(u) - P(u*), median over test images"),
        "worst": ("objective_suboptimality_worst",
                  "P(u) - P(u*), worst over test images"),
        "duality gap": ("objective_duality_gap",
                        "largest relative duality gap"),
        "PSNR": ("objective_psnr_db",
                 "PSNR [dB], mean over test images"),
    }
