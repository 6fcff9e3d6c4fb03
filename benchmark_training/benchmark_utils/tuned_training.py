"""Step sizes "tuned": found once, on other seeds, with equal effort.

performance/training/tune.py tries the same number of values for each method
and task, and prints the best. Steps of SGD, with momentum or within ADMM, are
those of the mean loss; Adam's are in the unit of the parameters.
"""

TUNED = {
    "SGD": {"regression": 0.2, "classification": 0.2},
    "Momentum": {"regression": 0.02, "classification": 0.02},
    "Adam": {"regression": 0.01, "classification": 0.01},
    "ADMM[sgd]": {"regression": 0.2, "classification": 0.2},
    "ADMM[adam]": {"regression": 0.01, "classification": 0.01},
    "GAN": {"gan": 1e-3},
    "Split-GAN": {"gan": 1e-3},
}
"""method -> kind of task -> step size."""
