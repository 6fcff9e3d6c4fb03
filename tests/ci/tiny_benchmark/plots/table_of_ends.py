from benchopt import BasePlot


class Plot(BasePlot):
    """Last metrics; its name starts with that of benchopt's own table."""

    name = "Table of ends"
    type = "table"
    options = {"dataset": ...}

    def plot(self, df, dataset):
        df = df[df["dataset_name"] == dataset]
        columns = ["objective_suboptimality", "objective_nan_at_zero"]
        return [
            [solver, *rows.sort_values("stop_val")[columns].iloc[-1].tolist()]
            for solver, rows in df.groupby("solver_name")
        ]

    def get_metadata(self, df, dataset):
        return {
            "title": f"Ends\nData: {dataset}",
            "columns": ["solver", "suboptimality", "nan_at_zero"],
            "default_order_column": "suboptimality",
        }
