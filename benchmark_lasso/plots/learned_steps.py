import json

from benchopt import BasePlot

from unrolling.bench.plots import select, title

QUANTILES = ["q10", "median", "q90"]


class Plot(BasePlot):
    """Learned step sizes against 1/L and the distribution of 1/L_S.

    L_S is the Lipschitz constant on the support S of a test sample's point
    before the layer, in the deepest network: median and 10 to 90 % band over
    the samples. Ablin, Moreau, Massias and Gramfort claim that learned steps
    exceed 1/L and follow 1/L_S (arXiv:1905.11071). Steps of networks that
    learn matrices too have another scale, and are not drawn.
    """

    name = "Learned steps"
    type = "scatter"
    options = {"dataset": ..., "objective": ...}

    def plot(self, df, dataset, objective):
        df = select(df, dataset, objective)
        if "objective_steps" not in df:
            return []
        df = df[df["label"].str.startswith("Step-LISTA")
                & df["objective_steps"].notna() & (df["stop_val"] > 0)]
        curves = []
        for label, rows in df.groupby("label"):
            deepest = rows.loc[rows["stop_val"].idxmax()]
            steps = json.loads(deepest["objective_steps"])
            layers = list(range(1, len(steps) + 1))
            curves.append({"x": layers, "y": steps, "label": label,
                           **self.get_style(label)})
            curves.append(self.support_steps(label, deepest))
        if curves:  # one D, so one L
            inverse_L = float(df["objective_inverse_L"].iloc[0])
            longest = max((c["x"] for c in curves), key=len)
            curves.append({"x": longest, "y": [inverse_L] * len(longest),
                           "label": "1/L", **self.get_style("1/L")})
        return curves

    def support_steps(self, label, row):
        """1/L_S where the point before the layer is not zero."""
        low, median, high = (json.loads(row[f"objective_inverse_L_S_{q}"])
                             for q in QUANTILES)
        layers = [t for t, step in enumerate(median) if step == step]
        name = f"1/L_S ({label})"
        return {"x": [t + 1 for t in layers],
                "y": [median[t] for t in layers],
                "y_low": [low[t] for t in layers],
                "y_high": [high[t] for t in layers],
                "label": name, **self.get_style(name)}

    def get_metadata(self, df, dataset, objective):
        return {
            "title": title(dataset, objective),
            "xlabel": "Layer",
            "ylabel": "Step size",
        }
