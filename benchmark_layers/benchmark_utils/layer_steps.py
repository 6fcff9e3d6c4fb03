"""Steps and hyperparameters "tuned": found on other seeds.

performance/layers/tune.py tries the steps of one grid for all methods of a
problem and an optimiser, and writes the table.
"""
from benchmark_utils.tuned_layers import TUNED


def chosen(method, problem, optimizer, hyper, step):
    """The hyperparameter and the step, where "tuned" stands for the best.

    Parameters
    ----------
    method, problem, optimizer : str
    hyper : float, "tuned", or None where the method has none
    step : float or "tuned"
        A tuned step is the best for the hyperparameter that is given.

    Returns
    -------
    float or None, float; ValueError if the table lacks what is asked for
    """
    if hyper != "tuned" and step != "tuned":
        return hyper, step
    steps = TUNED.get((problem, optimizer), {}).get(method, {})
    own = next(iter(steps), None) if hyper == "tuned" else hyper
    if own not in steps:
        known = f", only for {[*steps]}" if steps else ""
        raise ValueError(
            f"{method} with optimizer={optimizer} has no tuned step on "
            f"{problem}{known}, got {hyper} and step_size={step}: give "
            "numbers, or add the case to performance/layers/tune.py")
    return own, steps[own] if step == "tuned" else step
