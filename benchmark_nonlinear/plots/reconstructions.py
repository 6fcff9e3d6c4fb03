from benchmark_utils.shown import as_rows
from benchopt import BasePlot

from unrolling.bench.plots import select, title, with_values


class Plot(BasePlot):
    """The first test sample: what each method ended with, over the truth.

    Entries of x are in their order along the signal; on a mesh, in that of
    its triangles.
    """

    name = "Reconstructions"
    type = "scatter"
    options = {"dataset": ..., "objective": ...}

    def plot(self, df, dataset, objective):
        df = with_values(select(df, dataset, objective), "objective_truth")
        if df.empty:
            return []
        curves = [self.curve("truth", df.iloc[0], "objective_truth")]
        for label, rows in df.groupby("label"):
            last = rows.loc[rows["stop_val"].idxmax()]
            curves.append(self.curve(
                label, last, "objective_reconstructions"))
        return curves

    def curve(self, label, row, column):
        """The first sample in a column of a row."""
        x = as_rows(row[column], row["objective_n_x"])[0]
        return {"x": list(range(len(x))), "y": x.tolist(), "label": label,
                **self.get_style(label)}

    def get_metadata(self, df, dataset, objective):
        return {"title": title(dataset, objective),
                "xlabel": "entry of x", "ylabel": "x"}
