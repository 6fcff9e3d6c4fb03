from unrolling.bench.plots import SolverCurves, select, title, with_values

METRICS = {
    "cosine": ("objective_gradient_cosine",
               "cosine of the estimate and the exact gradient"),
    "relative error": ("relative_error",
                       "||estimate - exact gradient|| / ||exact gradient||"),
    "informed": ("objective_informed",
                 "share of samples whose estimate is not 0"),
}


class Plot(SolverCurves):
    """Each method's estimate of the gradient in theta, at its own iterates.

    The exact gradient is that of the adjoint of the layer; it is 0 where no
    solution moves with theta, and no relative error is drawn there.
    """

    name = "Gradient"
    options = SolverCurves.options | {"metric": list(METRICS)}

    def plot(self, df, dataset, objective, metric):
        df = with_values(select(df, dataset, objective),
                         "objective_exact_norm")
        df = df[(df["objective_exact_norm"] > 0)].assign(
            relative_error=lambda rows: rows["objective_gradient_distance"]
            / rows["objective_exact_norm"])
        return self.curves(df, "stop_val", METRICS[metric][0])

    def get_metadata(self, df, dataset, objective, metric):
        return {"title": title(dataset, objective), "xlabel": "Outer steps",
                "ylabel": METRICS[metric][1]}
