import numpy as np
from benchopt import BasePlot


class Plot(BasePlot):
    """One ramp per solver, and an animation of two frames."""

    name = "Pictures"
    type = "image"

    def plot(self, df):
        ramp = np.linspace(0, 1, 64).reshape(8, 8)
        labels = df["solver_name"].unique().tolist()
        still = [{"image": ramp, "label": label} for label in labels]
        return [*still, {"image": [ramp, ramp.T], "label": "animation"}]

    def get_metadata(self, df):
        return {"title": "Pictures\nof ramps"}
