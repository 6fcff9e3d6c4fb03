import base64

import numpy as np
from benchopt import BasePlot

from unrolling.bench.plots import select, title, with_values

N_FRAMES = 12
"""Frames of an animation, evenly over the evaluations."""


class Plot(BasePlot):
    """What each GAN generates beside the test samples, as animations.

    Images are shown as they are, points of the plane by their density.
    """

    name = "Generated samples"
    type = "image"
    options = {"dataset": ..., "objective": ...}

    def plot(self, df, dataset, objective):
        df = with_values(select(df, dataset, objective), "objective_picture")
        shown = [{"label": "test samples", "image": decoded(row, "truth")}
                 for _, row in df.head(1).iterrows()]
        for label, rows in df.groupby("label"):
            rows = rows[rows["idx_rep"] == rows["idx_rep"].min()]
            rows = rows.sort_values("stop_val")
            every = np.unique(np.linspace(
                0, len(rows) - 1, N_FRAMES).round().astype(int))
            frames = [decoded(row, "picture")
                      for _, row in rows.iloc[every].iterrows()]
            shown.append({"label": label, "image": frames})
        return shown

    def get_metadata(self, df, dataset, objective):
        return {"title": title(dataset, objective)}


def decoded(row, column):
    """A picture of the objective, (height, width), in [0, 1]."""
    pixels = np.frombuffer(
        base64.b64decode(row[f"objective_{column}"]), np.uint8)
    return pixels.reshape(int(row["objective_height"]), -1) / 255
