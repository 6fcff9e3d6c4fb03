"""Parameters "tuned": found once, on other images, with equal effort.

performance/genprior/tune.py tries the same number of values for each method,
and more beyond an end that is the best, on training images, and prints the
best for each loss. Steps are relative to the curvature c that the method's
theory names, at the start, so that they carry over between problems and
generators: a step is 1 / (c / step_size + mu), with mu / rho in ADMM, for H is
as curved elsewhere as at the start. Adam's is in the unit of the latents.
"""

TUNED = {
    ("GD", "step_size"): {
        "l2": 6.0, "amplitude": 6.0, "l1": 1.5, "linf": 0.3},
    ("Momentum-GD", "step_size"): {
        "l2": 0.7, "amplitude": 6.0, "l1": 1.5, "linf": 0.3},
    ("Adam", "step_size"): {
        "l2": 0.3, "amplitude": 1.0, "l1": 0.5, "linf": 0.2},
    ("PGD", "step_size"): {"l2": 1.5, "amplitude": 1.5},
    ("Linear-ADMM", "step_size"): {"l2": 8.0, "amplitude": 8.0},
    ("Linear-ADMM", "rho"): {"l2": 1.5, "amplitude": 1.5},
    ("ADMM", "step_size"): {"l2": 20.0, "l1": 20.0, "linf": 20.0},
    ("ADMM", "rho"): {"l2": 1.5, "l1": 6.0, "linf": 6.0},
    ("ADMM-Adam", "step_size"): {"l2": 0.3, "l1": 0.3, "linf": 0.3},
    ("ADMM-Adam", "rho"): {"l2": 96.0, "l1": 1.5, "linf": 6.0},
    ("ADMM-Gauss-Newton", "rho"): {"l2": 2.0, "l1": 3.0, "linf": 10.0},
}
"""(solver, parameter) -> loss -> value."""
