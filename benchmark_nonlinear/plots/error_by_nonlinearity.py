import re

from benchopt import BasePlot

from unrolling.bench.plots import select, title, with_values

STRENGTH = "p_dataset_a"


def families(df):
    """Names of the data sets without their parameter a, each once."""
    return sorted({family(name) for name in df["dataset_name"]})


def family(name):
    """A data set's name without its parameter a."""
    return re.sub(r"(?<=[\[,])a=[^,\]]*,?", "", name)


class Plot(BasePlot):
    """The error at the end against a, the strength of the nonlinearity.

    Data sets that differ in nothing but a are one family; one without a has
    no curves.
    """

    name = "Error by nonlinearity"
    type = "scatter"
    options = {"objective": ..., "family": families}

    def plot(self, df, objective, family):
        df = with_values(self.rows(df, objective, family), STRENGTH)
        last = df.sort_values("stop_val").groupby(
            ["label", STRENGTH, "idx_rep"]).tail(1)
        curves = []
        for label, rows in last.groupby("label"):
            median = rows.groupby(STRENGTH)["objective_mse"].median()
            curves.append({
                "x": median.index.tolist(), "y": median.tolist(),
                "label": label, **self.get_style(label)})
        return curves

    def rows(self, df, objective, wanted):
        """Results on the data sets of a family, with labels of solvers."""
        names = [n for n in df["dataset_name"].unique()
                 if family(n) == wanted]
        df = df[df["dataset_name"].isin(names)].assign(dataset_name=wanted)
        return select(df, wanted, objective)

    def get_metadata(self, df, objective, family):
        return {"title": title(family, objective),
                "xlabel": "a, strength of the nonlinearity",
                "ylabel": "mean square error of an entry of x"}
