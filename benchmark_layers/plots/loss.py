from unrolling.bench.plots import SolverCurves, select, title, with_values

COSTS = {"Outer steps": "stop_val", "Solves of the layer":
         "objective_n_solves", "Inner iterations": "objective_n_inner",
         "Time": "time"}
METRICS = {"training loss": "objective_value",
           "test loss": "objective_test_loss"}


class Plot(SolverCurves):
    """The loss of the best theta so far, against what was paid for it.

    Solves and iterations of the layer's forward solver are those for each
    training sample; the loss is a mean over samples.
    """

    name = "Loss"
    options = SolverCurves.options | {
        "X_axis": list(COSTS), "metric": list(METRICS)}

    def plot(self, df, dataset, objective, X_axis, metric):
        x, y = COSTS[X_axis], METRICS[metric]
        df = with_values(with_values(select(df, dataset, objective), y), x)
        return self.curves(df, x, y)

    def get_metadata(self, df, dataset, objective, X_axis, metric):
        return {"title": title(dataset, objective),
                "xlabel": "Time [s]" if X_axis == "Time" else X_axis,
                "ylabel": f"{metric}, mean over samples"}
