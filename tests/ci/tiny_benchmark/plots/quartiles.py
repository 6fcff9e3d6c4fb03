from benchopt import BasePlot


class Plot(BasePlot):
    """Median and quartiles over the repetitions, on scales of its own."""

    name = "Quartiles"
    type = "scatter"
    options = {"dataset": ..., "metric": ["suboptimality", "nan_at_zero"]}

    def plot(self, df, dataset, metric):
        df = df[df["dataset_name"] == dataset]
        curves = []
        for solver, rows in df.groupby("solver_name"):
            values = rows.groupby("stop_val")[f"objective_{metric}"]
            low, mid, high = (values.quantile(q) for q in (0.25, 0.5, 0.75))
            curves.append({
                "x": mid.index.tolist(),
                "y": mid.tolist(),
                "y_low": low.tolist(),
                "y_high": high.tolist(),
                "label": solver,
                **self.get_style(solver),
            })
        return curves

    def get_metadata(self, df, dataset, metric):
        return {
            "title": "Quartiles\nof the repetitions",
            "xlabel": "Iteration",
            "ylabel": metric,
            "scale": "semilog-y",
        }
