"""Images go through a table of results unharmed, and are shown in order."""
import numpy as np
import pandas as pd
import pytest

from unrolling.bench.pictures import (
    N_COLUMNS,
    N_FRAMES,
    N_SHOWN,
    PicturePlot,
    as_image,
    as_text,
)


class Shown(PicturePlot):
    """The truth, if it is known, and each method's."""

    name = "Shown"
    known = "truth", "observed"


@pytest.mark.parametrize("shape", [
    (1, 3, 5), (4, 2, 3), (N_SHOWN + 2, 4, 4)])
def test_text_is_the_image(rng, shape):
    """Each in its place; where there is none, it is white."""
    images = rng.random(shape)
    shown, (n, height, width) = as_image(as_text(images)), shape
    n = min(n, N_SHOWN)
    assert shown.shape == (
        -(-n // N_COLUMNS) * height, min(n, N_COLUMNS) * width)
    for i in range(shown.shape[0] // height):
        for j in range(shown.shape[1] // width):
            k = i * N_COLUMNS + j
            np.testing.assert_allclose(
                shown[i * height:(i + 1) * height, j * width:(j + 1) * width],
                images[k] if k < n else 1, rtol=0, atol=0.51 / 255)


def test_what_is_no_shade_of_grey():
    image = np.array([[[-1.0, np.nan, 2.0, 0.2]]])
    np.testing.assert_allclose(
        as_image(as_text(image)), [[0, 0, 1, 0.2]], atol=0.5 / 255)


def test_frames_are_those_of_one_repetition_in_order():
    """From the first evaluation to the last, of what varies."""
    n = 3 * N_FRAMES
    df = pd.DataFrame([{
        "dataset_name": "d", "objective_name": "o", "solver_name": solver,
        "idx_rep": repetition, "stop_val": t,
        "objective_truth": as_text(np.ones((1, 2, 2))),
        "objective_pictures": as_text(
            np.full((1, 2, 2), repetition or t / n)),
    } for solver, times in (("slow", range(n)), ("once", [n]))
        for repetition in (1, 0) for t in times])
    truth, once, slow = Shown().plot(df, "d", "o")
    assert [p["label"] for p in (truth, once, slow)] == [
        "truth", "once", "slow"]
    assert truth["image"].min() == 1
    assert once["image"].shape == (2, 2)
    shades = [frame.mean() for frame in slow["image"]]
    assert len(shades) == N_FRAMES
    assert shades == sorted(shades)
    assert shades[0] == 0
    assert shades[-1] == pytest.approx((n - 1) / n, abs=0.5 / 255)
