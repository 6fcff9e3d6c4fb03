import base64

import numpy as np
from benchopt import BasePlot

from unrolling.bench.plots import select, title, with_values

N_FRAMES = 12
"""Frames of an animation, evenly over the evaluations."""


class Plot(BasePlot):
    """The first test images: the truth, what was measured where that is an
    image, and each method's, as animations over its evaluations; and images
    that the generator makes of random latents."""

    name = "Images"
    type = "image"
    options = {"dataset": ..., "objective": ...}

    def plot(self, df, dataset, objective):
        df = with_values(
            select(df, dataset, objective), "objective_pictures")
        shown = []
        for label in ("samples", "truth", "measured"):
            known = with_values(df, f"objective_{label}")
            if len(known):
                row = known.iloc[0]
                shown.append({"label": label, "image": decoded(
                    row[f"objective_{label}"], row["objective_height"])})
        for label, rows in df.groupby("label"):
            rows = rows[rows["idx_rep"] == rows["idx_rep"].min()]
            rows = rows.sort_values("stop_val")
            every = np.unique(np.linspace(
                0, len(rows) - 1, N_FRAMES).round().astype(int))
            frames = [decoded(row["objective_pictures"],
                              row["objective_height"])
                      for _, row in rows.iloc[every].iterrows()]
            shown.append({"label": label, "image": (
                frames if len(frames) > 1 else frames[0])})
        return shown

    def get_metadata(self, df, dataset, objective):
        return {"title": title(dataset, objective)}


def decoded(text, height):
    """Images side by side, (height, n_images * width), in [0, 1].

    Parameters
    ----------
    text : str, as the objective writes images
    height : int, of an image; square images only are assumed side by side
    """
    pixels = np.frombuffer(base64.b64decode(text), np.uint8) / 255
    height = int(height)
    images = pixels.reshape(-1, height, height)
    return np.hstack(list(images))
