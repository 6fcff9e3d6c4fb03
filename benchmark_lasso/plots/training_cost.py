from benchopt import BasePlot

from unrolling.bench.plots import FLOOR, medians, select, title


class Plot(BasePlot):
    """Held-out suboptimality against the time that training took.

    One point per depth; the time includes the shallower networks that a
    depth was warm-started from.
    """

    name = "Training cost"
    type = "scatter"
    options = {"dataset": ..., "objective": ...}

    def plot(self, df, dataset, objective):
        df = select(df, dataset, objective)
        if "objective_train_time_s" not in df:
            return []
        columns = ["objective_train_time_s", "objective_suboptimality"]
        curves = []
        for label, rows in df[df[columns[0]] > 0].groupby("label"):
            points = medians(rows, columns)
            curves.append({
                "x": points[columns[0]].tolist(),
                "y": points[columns[1]].clip(lower=FLOOR).tolist(),
                "label": label, **self.get_style(label),
            })
        return curves

    def get_metadata(self, df, dataset, objective):
        return {
            "title": title(dataset, objective),
            "xlabel": "Training time [s]",
            "ylabel": "Held-out F(z) - F(z*), mean over test samples",
        }
