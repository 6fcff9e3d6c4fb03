import numpy as np
from benchmark_utils.shown import as_rows, picture
from benchopt import BasePlot

from unrolling.bench.plots import select, title, with_values

ENTRY = np.ones((12, 4))
"""Pixels of an entry of a signal."""


class Plot(BasePlot):
    """Reconstructions of the first test samples, in the greys of the truth:
    those on a mesh side by side, signals as lines of grey one below the
    other; the truth, and what each method ended with."""

    name = "Pictures"
    type = "image"
    options = {"dataset": ..., "objective": ...}

    def plot(self, df, dataset, objective):
        df = with_values(select(df, dataset, objective), "objective_truth")
        truth = {"truth": df.iloc[0]["objective_truth"]}
        last = {label: rows.loc[rows["stop_val"].idxmax()][
            "objective_reconstructions"]
            for label, rows in df.groupby("label")}
        return [{"label": label, "image": self.image(text, df.iloc[0])}
                for label, text in (truth | last).items()]

    def image(self, text, row):
        """What the objective wrote of some samples, as an image."""
        n_x = row["objective_n_x"]
        truth, values = (as_rows(t, n_x)
                         for t in (row["objective_truth"], text))
        low, high = truth.min(), truth.max()
        centres = row.get("objective_centres")
        if isinstance(centres, str):
            return picture(values, as_rows(centres, 2), low, high)
        return np.kron(((values - low) / (high - low)).clip(0, 1), ENTRY)

    def get_metadata(self, df, dataset, objective):
        return {"title": title(dataset, objective)}
