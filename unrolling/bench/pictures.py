"""Images among the results, as text, and the plot that shows them."""
import base64

import numpy as np
from benchopt import BasePlot

from unrolling.bench.plots import select, title, with_values

N_SHOWN, N_COLUMNS = 6, 3
"""Images of each method that a report shows, and those in a row."""
N_FRAMES = 12
"""Frames of an animation, evenly over the evaluations."""


def as_text(images):
    """The first N_SHOWN images as text, N_COLUMNS in a row, 8 bits a pixel.

    Parameters
    ----------
    images : ndarray, shape (n_images, height, width)
        Values outside [0, 1] are cut, NaN is black.

    Returns
    -------
    str : the height of all rows, a colon, and the pixels in base 64
    """
    pixels = (np.nan_to_num(grid(images[:N_SHOWN])).clip(0, 1) * 255).round()
    coded = base64.b64encode(pixels.astype(np.uint8)).decode()
    return f"{len(pixels)}:{coded}"


def grid(images):
    """Images (n_images, height, width) as one, N_COLUMNS in a row; white
    where the last row is not full."""
    n, height, width = images.shape
    n_columns = min(n, N_COLUMNS)
    n_rows = -(-n // n_columns)
    cells = np.ones((n_rows * n_columns, height, width))
    cells[:n] = images
    return cells.reshape(n_rows, n_columns, height, width).swapaxes(
        1, 2).reshape(n_rows * height, n_columns * width)


def as_image(text):
    """What `as_text` wrote, an ndarray of both axes' pixels, in [0, 1]."""
    height, coded = text.split(":")
    pixels = np.frombuffer(base64.b64decode(coded), np.uint8)
    return pixels.reshape(int(height), -1) / 255


class PicturePlot(BasePlot):
    """Images of the metric `pictures`: each method's over its evaluations.

    A subclass says in `known` which other metrics are images, the same for
    all methods: names such as "truth", which are their labels, too.
    """

    type = "image"
    options = {"dataset": ..., "objective": ...}
    known = ()

    def plot(self, df, dataset, objective):
        df = with_values(
            select(df, dataset, objective), "objective_pictures")
        shown = []
        for label in self.known:
            rows = with_values(df, f"objective_{label}")
            if len(rows):
                shown.append({"label": label, "image": as_image(
                    rows.iloc[0][f"objective_{label}"])})
        for label, rows in df.groupby("label"):
            rows = rows[rows["idx_rep"] == rows["idx_rep"].min()]
            pictures = rows.sort_values("stop_val")["objective_pictures"]
            every = np.unique(np.linspace(
                0, len(rows) - 1, N_FRAMES).round().astype(int))
            frames = [as_image(text) for text in pictures.iloc[every]]
            shown.append({"label": label, "image": (
                frames if len(frames) > 1 else frames[0])})
        return shown

    def get_metadata(self, df, dataset, objective):
        return {"title": title(dataset, objective)}
