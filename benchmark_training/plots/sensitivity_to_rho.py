import numpy as np

from unrolling.bench.plots import (
    FLOOR,
    SolverCurves,
    select,
    title,
    with_values,
)

PENALTY = "p_solver_rho"


class Plot(SolverCurves):
    """The last value against rho, a curve for each method that has one.

    What has diverged has no point. Other parameters that vary name the curve.
    """

    name = "Sensitivity to rho"

    def plot(self, df, dataset, objective):
        df = with_values(select(df, dataset, objective), PENALTY)
        last = df.sort_values("stop_val").groupby(
            ["solver_name", "idx_rep"]).tail(1)
        return [by_rho(label, rows) | self.get_style(label)
                for label, rows in last.groupby(last["label"].map(family))]

    def get_metadata(self, df, dataset, objective):
        return {"title": title(dataset, objective), "xlabel": "rho",
                "ylabel": "last value: F(theta_1), or sliced Wasserstein "
                          "distance"}


def family(label):
    """A solver's label without its rho."""
    base, _, inside = label.partition("[")
    kept = [p for p in inside.removesuffix("]").split(", ")
            if p and not p.startswith("rho=")]
    return f"{base}[{', '.join(kept)}]" if kept else base


def by_rho(label, rows):
    """Medians over the repetitions."""
    values = rows.groupby(PENALTY)["objective_value"].median()
    values = values[np.isfinite(values)]
    return {"x": values.index.tolist(),
            "y": values.clip(lower=FLOOR).tolist(), "label": label}
