"""Step sizes "tuned": found once, on other seeds, with equal effort.

performance/training/tune.py tries the same number of values for each method
and data set, and prints the best. Steps of SGD, with momentum or within ADMM,
are those of the mean loss; Adam's are in the unit of the parameters.
"""

TUNED = {
    "SGD": {"regression": 0.2, "classification": 0.8},
    "Momentum": {"regression": 0.04, "classification": 0.32},
    "Adam": {"regression": 0.04, "classification": 0.02},
    "ADMM[sgd]": {"regression": 0.2, "classification": 1.6},
    "ADMM[adam]": {"regression": 0.04, "classification": 0.02},
    "GAN": {"points": 1e-3, "images": 3e-4},
    "Split-GAN": {"points": 1e-3, "images": 3e-4},
}
"""method -> kind of data -> step size. ADMM's is for rho = 1; the split GAN's
is the best together with rho = 10 on points of the plane and 1 on images."""
