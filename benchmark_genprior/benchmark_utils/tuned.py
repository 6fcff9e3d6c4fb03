"""Parameters "tuned": found once, on other images, with equal effort.

performance/genprior/tune.py tries the same number of values for each method,
on training images, and prints the best for each loss. Steps are relative to
the curvature that the method's theory names, so that they carry over between
problems and generators; Adam's is in the unit of the latents.
"""

TUNED = {
    ("GD", "step_size"): {
        "l2": 0.5, "amplitude": 0.5, "l1": 0.1, "linf": 0.02},
    ("Momentum-GD", "step_size"): {
        "l2": 0.2, "amplitude": 0.2, "l1": 0.02, "linf": 0.002},
    ("Adam", "step_size"): {
        "l2": 0.1, "amplitude": 0.1, "l1": 0.1, "linf": 0.1},
    ("PGD", "step_size"): {"l2": 0.5, "amplitude": 0.5},
    ("Linear-ADMM", "step_size"): {"l2": 0.5, "amplitude": 0.5},
    ("Linear-ADMM", "rho"): {"l2": 0.5, "amplitude": 0.5},
    ("ADMM", "step_size"): {"l2": 0.5, "l1": 0.5, "linf": 0.5},
    ("ADMM", "rho"): {"l2": 1.0, "l1": 2.0, "linf": 2.0},
    ("ADMM-Gauss-Newton", "rho"): {"l2": 1.0, "l1": 2.0, "linf": 2.0},
}
"""(solver, parameter) -> loss -> value."""
