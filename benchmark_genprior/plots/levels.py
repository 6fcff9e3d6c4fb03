from benchmark_utils.operators import PROBLEMS

from unrolling.bench.plots import SolverCurves, short_labels, with_values


class Plot(SolverCurves):
    """Where each method ends, against the level of the problem: the share of
    measurements, or the size of the noise or of the attack.

    A point is the median over the repetitions of a run; a method has a curve
    for each mu.
    """

    name = "Levels"
    metrics = {
        "reconstruction error": ("objective_reconstruction_error",
                                 "mean squared error of a pixel"),
        "PSNR": ("objective_psnr_db", "PSNR, mean over test images [dB]"),
        "SSIM": ("objective_ssim", "SSIM, mean over test images"),
        "measurement error": ("objective_measurement_error",
                              "L(G(z)), mean over test images"),
        "accuracy": ("objective_accuracy",
                     "accuracy of the classifier on the images"),
    }
    options = {
        "dataset": ..., "metric": list(metrics),
        "problem": lambda df: sorted(df["p_obj_problem"].unique()),
        "regulariser": lambda df: sorted(df["p_obj_regulariser"].unique()),
    }

    def plot(self, df, dataset, problem, regulariser, metric):
        y, _ = self.metrics[metric]
        df = with_values(df[(df["dataset_name"] == dataset)
                            & (df["p_obj_problem"] == problem)
                            & (df["p_obj_regulariser"] == regulariser)], y)
        labels = df["solver_name"].map(short_labels(df))
        if df["p_obj_mu"].nunique() > 1:
            labels += df["p_obj_mu"].map(", mu={:g}".format)
        df = df.assign(label=labels)
        run = ["label", "p_obj_level", "idx_rep"]
        last = df.sort_values("stop_val").groupby(run).tail(1)
        drawn = []
        for label, rows in last.groupby("label"):
            ends = rows.groupby("p_obj_level")[y].median()
            drawn.append({
                "x": ends.index.tolist(), "y": ends.tolist(),
                "label": label, **self.get_style(label)})
        return drawn

    def get_metadata(self, df, dataset, problem, regulariser, metric):
        return {
            "title": f"{problem}, regulariser: {regulariser}\n"
                     f"Data: {dataset}",
            "xlabel": PROBLEMS[problem].level,
            "ylabel": self.metrics[metric][1],
        }
