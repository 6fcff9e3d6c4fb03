"""What the plots of this benchmark share: selection, labels, medians."""

FLOOR = 1e-16
"""Suboptimality below rounding, negative even, is drawn here: axes are log."""


def select(df, dataset, objective):
    """Rows of one data set and objective, with a `label` for each solver."""
    df = df[(df["dataset_name"] == dataset)
            & (df["objective_name"] == objective)]
    return df.assign(label=df["solver_name"].map(short_labels(df)))


def short_labels(df):
    """Solver names without the parameters that do not vary in the run."""
    labels = {}
    for name in df["solver_name"].unique():
        base = name.split("[")[0]
        rows = df[df["solver_name"].str.split("[").str[0] == base]
        varying = [c for c in df.columns if c.startswith("p_solver_")
                   and rows[c].astype(str).nunique() > 1]
        row = df[df["solver_name"] == name].iloc[0]
        values = [f"{c.removeprefix('p_solver_')}={row[c]}" for c in varying]
        labels[name] = f"{base}[{', '.join(values)}]" if values else base
    return labels


def medians(df, columns):
    """Median over the repetitions at each stop_val, from rough to accurate."""
    finer_is_smaller = (df["sampling_strategy"] == "Tolerance").all()
    return df.groupby("stop_val")[columns].median().sort_index(
        ascending=not finer_is_smaller)


def title(dataset, objective):
    """Two lines: what is minimised, on which data."""
    return f"{objective}\nData: {dataset}"
