"""The configurations of a benchmark: that of a run, and which to run first."""

import yaml
from benchopt.utils.parametrized_name_mixin import _extract_options

from ci.names import split

FIRST = "main", "smoke"
"""Configurations that show a benchmark to who does not know it yet."""


def command(benchmark):
    """Write what runs the first configuration of a benchmark.

    Parameters
    ----------
    benchmark : Path

    Returns
    -------
    str, a command of the shell, from the suite's folder
    """
    name = benchmark.name
    found = [f" --config {name}/configs/{config}.yml" for config in FIRST
             if (benchmark / "configs" / f"{config}.yml").exists()]
    return f"benchopt run {name}{''.join(found[:1])}"


def config_of(benchmark, df):
    """Find out of which configuration a run is.

    Parameters
    ----------
    benchmark : Path
    df : DataFrame, the run's results

    Returns
    -------
    str, the name of a file in configs/, the one with the fewest solvers if it
    may be several; "" if it is none, as where solvers were named by hand.
    """
    names = {kind: df[f"{kind}_name"].unique()
             for kind in ("solver", "dataset", "objective")}
    found = {}
    for file in sorted((benchmark / "configs").glob("*.yml")):
        config = yaml.safe_load(file.read_text("utf-8"))
        if is_of(config, names):
            found[file.name] = len(config.get("solver", ())) or float("inf")
    return min(found, key=found.get, default="")


def is_of(config, names):
    """Tell whether a configuration can give what ran.

    It selects all that ran, and all data sets and objectives that it selects
    did run; solvers whose packages are not installed did not.

    Parameters
    ----------
    config : dict, without what it does not restrict
    names : dict, solver, dataset and objective -> names that ran

    Returns
    -------
    bool
    """
    for kind, own in names.items():
        selectors = config.get(kind)
        if selectors is None:
            continue
        hits = [{name for name in own if selects(one, name)}
                for one in selectors]
        if set().union(*hits) != set(own) or (
                kind != "solver" and not all(hits)):
            return False
    return True


def selects(selector, name):
    """Tell whether a selector, with values or lists of them, selects a name.

    Parameters
    ----------
    selector : str, as in a configuration
    name : str, with all parameters

    Returns
    -------
    bool
    """
    base, _, wanted = _extract_options(selector)
    own_base, own = split(name)
    return base == own_base and all(
        any(f"{key}={value}" in own for value in (
            values if isinstance(values, list) else [values]))
        for key, values in wanted.items())
