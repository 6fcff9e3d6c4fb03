import json

from benchopt import BasePlot

from unrolling.bench.plots import select, title, with_values


class Plot(BasePlot):
    """The first test sample: what each solver ended with, over the truth.

    The unit is that of the objective, in which the sample's lmbd_max is 1.
    """

    name = "Signals"
    type = "scatter"
    options = {"dataset": ..., "objective": ...}

    def plot(self, df, dataset, objective):
        df = select(df, dataset, objective)
        truth = with_values(df, "objective_truth")
        curves = [self.curve("truth", truth["objective_truth"].iloc[0])
                  ] if len(truth) else []
        for label, rows in df.groupby("label"):
            last = rows.loc[rows["time"].idxmax()]
            curves.append(self.curve(label, last["objective_signal"]))
        return curves

    def curve(self, label, signal):
        """A signal, as the objective lists it."""
        signal = json.loads(signal)
        return {"x": list(range(len(signal))), "y": signal, "label": label,
                **self.get_style(label)}

    def get_metadata(self, df, dataset, objective):
        return {"title": title(dataset, objective),
                "xlabel": "Time sample", "ylabel": "u"}
