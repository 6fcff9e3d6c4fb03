from benchopt import BasePlot

from unrolling.bench.plots import FLOOR, medians, select, title

METRICS = {
    "mean": "objective_suboptimality",
    "median": "objective_suboptimality_median",
    "worst": "objective_suboptimality_worst",
    "duality gap": "objective_duality_gap",
}


class Plot(BasePlot):
    """Certified suboptimality on the test set against cost.

    Against F(z*) of a reference whose duality gap is at most 1e-12, not
    against the best value that a solver happened to reach.
    """

    name = "Suboptimality"
    type = "scatter"
    options = {
        "dataset": ...,
        "objective": ...,
        "X_axis": ["Iterations or layers", "Time"],
        "over_samples": list(METRICS),
    }

    def plot(self, df, dataset, objective, X_axis, over_samples):
        df = select(df, dataset, objective)
        if X_axis != "Time":  # the start, at 0, has no place on a log axis
            df = df[(df["sampling_strategy"] == "Iteration")
                    & (df["stop_val"] > 0)]
        x = "time" if X_axis == "Time" else "stop_val"
        y = METRICS[over_samples]
        curves = []
        for label, rows in df.groupby("label"):
            points = medians(rows.assign(x=rows[x]), ["x", y])
            curve = {
                "x": points["x"].tolist(),
                "y": points[y].clip(lower=FLOOR).tolist(),
                "label": label, **self.get_style(label),
            }
            if rows["idx_rep"].nunique() > 1 and X_axis == "Time":
                quantiles = rows.groupby("stop_val")["time"].quantile(
                    [0.25, 0.75]).unstack().loc[points.index]
                curve["x_low"] = quantiles[0.25].tolist()
                curve["x_high"] = quantiles[0.75].tolist()
            curves.append(curve)
        return curves

    def get_metadata(self, df, dataset, objective, X_axis, over_samples):
        what = ("largest relative duality gap"
                if over_samples == "duality gap"
                else f"F(z) - F(z*), {over_samples} over test samples")
        return {
            "title": title(dataset, objective),
            "xlabel": "Time [s]" if X_axis == "Time" else X_axis,
            "ylabel": what,
        }
