"""Plots that benchmarks share: one curve per solver, of medians over runs.

A file in a benchmark's `plots/` derives `Plot` from one of the classes here
and says its name, what it shows in a docstring, and the metrics.
"""
from benchopt import BasePlot

FLOOR = 1e-16
"""Values below it, negative ones even, are drawn at it: axes may be log."""

N_SYMBOLS = 53
"""Symbols that benchopt's page has: a larger number stops its script."""

AXES = {"Iterations or layers": "layers", "Time": "time"}
"""Label of a cost -> its column."""


class SolverCurves(BasePlot):
    """Base of the plots with one curve per solver, for a data set."""

    type = "scatter"
    options = {"dataset": ..., "objective": ...}

    def get_style(self, label):
        """Colour and marker, of the markers that the page knows."""
        style = super().get_style(label)
        return style | {"marker": style["marker"] % N_SYMBOLS}

    def curves(self, df, x, y):
        """A curve for each label: the medians of two columns, a list."""
        return [self.curve(label, rows, x, y)
                for label, rows in df.groupby("label")]

    def curve(self, label, rows, x, y):
        """Medians over the repetitions, with the quartiles of the time."""
        points = medians(rows.assign(x=rows[x]), ["x", y])
        curve = {
            "x": points["x"].tolist(),
            "y": points[y].clip(lower=FLOOR).tolist(),
            "label": label, **self.get_style(label),
        }
        if x == "time" and rows["idx_rep"].nunique() > 1:
            quartiles = rows.groupby("stop_val")[x].quantile(
                [0.25, 0.75]).unstack().loc[points.index]
            curve["x_low"] = quartiles[0.25].tolist()
            curve["x_high"] = quartiles[0.75].tolist()
        return curve


class CurvePlot(SolverCurves):
    """Metrics against iterations or time.

    A subclass says in `metrics` what its menu offers: label -> (column of the
    results, label of the y axis).
    """

    metrics = {}

    def __init_subclass__(cls, **keywords):
        super().__init_subclass__(**keywords)
        cls.options = SolverCurves.options | {
            "X_axis": list(AXES), "metric": list(cls.metrics)}

    def plot(self, df, dataset, objective, X_axis, metric):
        x, (y, _) = AXES[X_axis], self.metrics[metric]
        df = select(df, dataset, objective)
        if x == "layers":  # the start, at 0, has no place on a log axis
            df = df[(df["sampling_strategy"] == "Iteration")
                    & (df["stop_val"] > 0)]
            df = df.assign(layers=in_layers(df))
        return self.curves(with_values(df, y), x, y)

    def get_metadata(self, df, dataset, objective, X_axis, metric):
        return {
            "title": title(dataset, objective),
            "xlabel": "Time [s]" if X_axis == "Time" else X_axis,
            "ylabel": self.metrics[metric][1],
        }


class TrainingCostPlot(SolverCurves):
    """A metric against the time that training took, one point per depth.

    A subclass says in `metric` the column and the label of the y axis.
    """

    metric = None
    cost = "objective_train_time_s"

    def plot(self, df, dataset, objective):
        df = with_values(select(df, dataset, objective), self.cost)
        return self.curves(
            df[df[self.cost] > 0], self.cost, self.metric[0])

    def get_metadata(self, df, dataset, objective):
        return {
            "title": title(dataset, objective),
            "xlabel": "Training time [s]",
            "ylabel": self.metric[1],
        }


def select(df, dataset, objective):
    """Rows of one data set and objective, with a `label` for each solver."""
    df = df[(df["dataset_name"] == dataset)
            & (df["objective_name"] == objective)]
    return df.assign(label=df["solver_name"].map(short_labels(df)))


def in_layers(df):
    """Iterations or layers, a Series; of a solver that counts its products,
    what they are worth in layers of two, see the objective."""
    return with_column(df, "objective_products")["objective_products"].div(
        2).fillna(df["stop_val"])


def with_column(df, column):
    """The results, with a column that they may lack."""
    return df if column in df else df.assign(**{column: float("nan")})


def with_values(df, column):
    """Rows that have a value in a column; none if the results lack it."""
    return with_column(df, column).dropna(subset=[column])


def short_labels(df):
    """Solver names without the parameters that do not vary in the run."""
    labels = {}
    for name in df["solver_name"].unique():
        base = name.split("[")[0]
        rows = df[df["solver_name"].str.split("[").str[0] == base]
        varying = [c for c in df.columns if c.startswith("p_solver_")
                   and rows[c].astype(str).nunique() > 1]
        row = df[df["solver_name"] == name].iloc[0]
        values = [f"{c.removeprefix('p_solver_')}={as_text(row[c])}"
                  for c in varying]
        labels[name] = f"{base}[{', '.join(values)}]" if values else base
    return labels


def as_text(value):
    """A parameter as the user wrote it: a table may hold 10 as 10.0."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def medians(df, columns):
    """Median over the repetitions at each stop_val, from rough to accurate."""
    finer_is_smaller = (df["sampling_strategy"] == "Tolerance").all()
    return df.groupby("stop_val")[columns].median().sort_index(
        ascending=not finer_is_smaller)


def title(dataset, objective):
    """Two lines: what is minimised, on which data."""
    return f"{objective}\nData: {dataset}"
