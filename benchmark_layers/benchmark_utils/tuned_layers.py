"""Tuned steps, see `benchmark_utils.layer_steps`.

performance/layers/tune.py writes this file.
"""

TUNED = {
    ("Portfolio 1", "adam"): {
        "Implicit": {None: 0.207},
        "LPGD lower rho=0": {0.3: 0.417, 0.03: 0.155, 1.0: 1.12, 3.0: 3.0},
    },
    ("Portfolio 1", "gd"): {
        "Fenchel-Young": {None: 17.0},
        "Implicit": {None: 0.357},
        "LPGD average rho=0": {0.3: 3.11, 1.0: 43.2, 0.03: 0.834, 3.0: 600.0},
        "LPGD lower rho=0": {0.3: 11.6, 1.0: 43.2, 0.03: 0.834, 3.0: 600.0},
        "LPGD lower rho=1": {0.3: 11.6, 1.0: 43.2, 0.03: 3.11, 3.0: 600.0},
        "LPGD upper rho=0": {0.3: 3.11, 1.0: 11.6, 0.03: 0.834, 3.0: 161.0},
        "Random-smoothing": {1.0: 3.11, 0.3: 0.834, 3.0: 43.2, 0.03: 0.224},
        "SPO-plus": {None: 2.85},
        "Unrolled": {5: 0.834, 10: 0.834, 20: 0.224, 40: 0.224},
    },
    ("Ranking 0.01", "adam"): {
        "Implicit": {None: 0.133},
        "LPGD lower rho=0": {0.3: 0.417, 1.0: 1.12, 3.0: 3.0, 0.03: 0.0579},
    },
    ("Ranking 0.01", "gd"): {
        "Fenchel-Young": {None: 1.58},
        "Implicit": {None: 1.17},
        "LPGD average rho=0": {1.0: 161.0, 0.3: 3.11, 3.0: 600.0, 0.03: 3.11},
        "LPGD lower rho=0": {1.0: 161.0, 3.0: 161.0, 0.3: 3.11, 0.03: 0.834},
        "LPGD lower rho=1": {0.3: 3.11, 1.0: 161.0, 3.0: 161.0, 0.03: 11.6},
        "LPGD upper rho=0": {1.0: 43.2, 0.3: 11.6, 3.0: 600.0, 0.03: 3.11},
        "Random-smoothing": {1.0: 600.0, 3.0: 600.0, 0.3: 161.0, 0.03: 3.11},
    },
    ("Ranking 1", "adam"): {
        "Implicit": {None: 0.323},
        "LPGD lower rho=0": {0.03: 0.417, 0.3: 0.417, 1.0: 0.0579, 3.0: 3.0},
    },
    ("Ranking 1", "gd"): {
        "Fenchel-Young": {None: 1.58},
        "Implicit": {None: 3.84},
        "LPGD average rho=0": {3.0: 3.11, 1.0: 3.11, 0.3: 3.11, 0.03: 3.11},
        "LPGD lower rho=0": {1.0: 3.11, 0.03: 3.11, 0.3: 3.11, 3.0: 3.11},
        "LPGD lower rho=1": {1.0: 3.11, 3.0: 3.11, 0.3: 3.11, 0.03: 3.11},
        "LPGD upper rho=0": {0.03: 3.11, 0.3: 3.11, 1.0: 161.0, 3.0: 600.0},
        "Random-smoothing": {3.0: 3.11, 1.0: 3.11, 0.03: 3.11, 0.3: 3.11},
    },
    ("Simplex entropy 1", "adam"): {
        "Implicit": {None: 0.505},
        "LPGD lower rho=0": {3.0: 0.417, 0.03: 0.417, 1.0: 0.417, 0.3: 0.417},
    },
    ("Simplex entropy 1", "gd"): {
        "Fenchel-Young": {None: 9.37},
        "Implicit": {None: 17.0},
        "LPGD average rho=0": {0.03: 11.6, 0.3: 11.6, 1.0: 11.6, 3.0: 11.6},
        "LPGD lower rho=0": {1.0: 11.6, 0.3: 11.6, 0.03: 11.6, 3.0: 11.6},
        "LPGD upper rho=0": {0.03: 11.6, 0.3: 11.6, 1.0: 11.6, 3.0: 11.6},
        "Random-smoothing": {3.0: 43.2, 1.0: 11.6, 0.3: 11.6, 0.03: 11.6},
        "Unrolled": {10.0: 11.6, 20.0: 11.6, 40.0: 11.6, 5.0: 11.6},
    },
    ("Simplex quadratic 0.01", "adam"): {
        "Implicit": {None: 1.54},
        "LPGD lower rho=0": {3.0: 0.155, 1.0: 0.155, 0.3: 0.417, 0.03: 1.12},
    },
    ("Simplex quadratic 0.01", "gd"): {
        "Fenchel-Young": {None: 6.96},
        "Implicit": {None: 22.9},
        "LPGD average rho=0": {1.0: 3.11, 3.0: 11.6, 0.3: 3.11, 0.03: 11.6},
        "LPGD lower rho=0": {3.0: 3.11, 1.0: 3.11, 0.3: 3.11, 0.03: 161.0},
        "LPGD lower rho=1": {1.0: 3.11, 3.0: 11.6, 0.3: 43.2, 0.03: 600.0},
        "LPGD upper rho=0": {0.03: 600.0, 0.3: 161.0, 3.0: 161.0, 1.0: 600.0},
        "Random-smoothing": {3.0: 11.6, 1.0: 3.11, 0.3: 3.11, 0.03: 3.11},
        "Unrolled": {20.0: 11.6, 10.0: 11.6, 40.0: 11.6, 5.0: 11.6},
    },
    ("Simplex quadratic 0.1", "adam"): {
        "Implicit": {None: 0.323},
        "LPGD lower rho=0": {3.0: 0.155, 1.0: 0.155, 0.3: 0.417, 0.03: 0.417},
    },
    ("Simplex quadratic 0.1", "gd"): {
        "Fenchel-Young": {None: 2.85},
        "Implicit": {None: 9.37},
        "LPGD average rho=0": {1.0: 3.11, 3.0: 11.6, 0.3: 3.11, 0.03: 11.6},
        "LPGD lower rho=0": {3.0: 3.11, 1.0: 0.834, 0.3: 3.11, 0.03: 3.11},
        "LPGD lower rho=1": {1.0: 3.11, 3.0: 3.11, 0.3: 3.11, 0.03: 43.2},
        "LPGD upper rho=0": {1.0: 43.2, 3.0: 600.0, 0.3: 161.0, 0.03: 11.6},
        "Random-smoothing": {3.0: 11.6, 1.0: 3.11, 0.3: 3.11, 0.03: 11.6},
        "Unrolled": {5.0: 3.11, 10.0: 11.6, 40.0: 3.11, 20.0: 11.6},
    },
    ("Simplex quadratic 1", "adam"): {
        "Implicit": {None: 0.106},
        "LPGD lower rho=0": {3.0: 0.155, 1.0: 0.0579, 0.3: 0.155, 0.03: 1.12},
    },
    ("Simplex quadratic 1", "gd"): {
        "Fenchel-Young": {None: 5.17},
        "Implicit": {None: 5.17},
        "LPGD average rho=0": {1.0: 3.11, 3.0: 3.11, 0.3: 3.11, 0.03: 11.6},
        "LPGD lower rho=0": {1.0: 3.11, 3.0: 3.11, 0.3: 3.11, 0.03: 11.6},
        "LPGD lower rho=1": {1.0: 3.11, 3.0: 3.11, 0.03: 11.6, 0.3: 11.6},
        "LPGD upper rho=0": {1.0: 43.2, 0.3: 11.6, 0.03: 11.6, 3.0: 43.2},
        "Random-smoothing": {3.0: 11.6, 1.0: 3.11, 0.3: 11.6, 0.03: 3.11},
        "Unrolled": {10.0: 11.6, 5.0: 3.11, 20.0: 3.11, 40.0: 11.6},
    },
    ("Simplex quadratic 3", "adam"): {
        "Implicit": {None: 0.404},
        "LPGD lower rho=0": {3.0: 0.417, 1.0: 0.417, 0.3: 0.417, 0.03: 0.417},
    },
    ("Simplex quadratic 3", "gd"): {
        "Fenchel-Young": {None: 9.37},
        "Implicit": {None: 12.6},
        "LPGD average rho=0": {3.0: 11.6, 1.0: 11.6, 0.3: 11.6, 0.03: 11.6},
        "LPGD lower rho=0": {3.0: 11.6, 1.0: 11.6, 0.3: 11.6, 0.03: 11.6},
        "LPGD lower rho=1": {3.0: 11.6, 1.0: 11.6, 0.3: 11.6, 0.03: 11.6},
        "LPGD upper rho=0": {0.03: 11.6, 0.3: 11.6, 3.0: 11.6, 1.0: 11.6},
        "Random-smoothing": {3.0: 43.2, 0.3: 11.6, 1.0: 11.6, 0.03: 11.6},
        "Unrolled": {20.0: 11.6, 40.0: 11.6, 10.0: 11.6, 5.0: 3.11},
    },
    ("Weighted-l1 0.05", "adam"): {
        "Implicit": {None: 0.166},
        "LPGD lower rho=0": {0.03: 0.0579, 0.3: 0.003, 1.0: 0.003, 3.0: 0.003},
    },
    ("Weighted-l1 0.05", "gd"): {
        "Fenchel-Young": {None: 30.7},
        "Implicit": {None: 5.17},
        "LPGD average rho=0": {0.03: 3.11, 0.3: 3.11, 1.0: 43.2, 3.0: 43.2},
        "LPGD lower rho=0": {0.03: 11.6, 0.3: 3.11, 1.0: 0.834, 3.0: 0.834},
        "LPGD lower rho=1": {0.03: 43.2, 0.3: 43.2, 1.0: 600.0, 3.0: 43.2},
        "LPGD upper rho=0": {0.03: 11.6, 0.3: 0.834, 1.0: 0.224, 3.0: 0.06},
        "Unrolled": {40: 3.11, 20: 3.11, 10: 0.834, 5: 0.834},
    },
    ("Weighted-l1 0.4", "adam"): {
        "Implicit": {None: 0.166},
        "LPGD lower rho=0": {0.03: 0.155, 0.3: 0.417, 3.0: 0.417, 1.0: 0.417},
    },
    ("Weighted-l1 0.4", "gd"): {
        "Fenchel-Young": {None: 22.8},
        "Implicit": {None: 2.85},
        "LPGD average rho=0": {0.03: 3.11, 0.3: 11.6, 1.0: 43.2, 3.0: 161.0},
        "LPGD lower rho=0": {0.03: 3.11, 0.3: 3.11, 1.0: 3.11, 3.0: 0.834},
        "LPGD lower rho=1": {0.3: 11.6, 0.03: 11.6, 1.0: 11.6, 3.0: 11.6},
        "LPGD upper rho=0": {0.03: 3.11, 0.3: 3.11, 1.0: 0.06, 3.0: 0.06},
        "Unrolled": {40: 3.11, 20: 3.11, 10: 3.11, 5: 3.11},
    },
    ("Weighted-l1 2", "adam"): {
        "Implicit": {None: 0.166},
        "LPGD lower rho=0": {0.3: 0.417, 1.0: 1.12, 3.0: 3.0, 0.03: 0.155},
    },
    ("Weighted-l1 2", "gd"): {
        "Fenchel-Young": {None: 5.17},
        "Implicit": {None: 9.37},
        "LPGD average rho=0": {0.3: 43.2, 1.0: 43.2, 3.0: 43.2, 0.03: 0.834},
        "LPGD lower rho=0": {3.0: 0.834, 1.0: 0.834, 0.3: 3.11, 0.03: 0.834},
        "LPGD lower rho=1": {1.0: 11.6, 3.0: 3.11, 0.3: 43.2, 0.03: 3.11},
        "LPGD upper rho=0": {0.03: 0.834, 0.3: 11.6, 1.0: 43.2, 3.0: 0.06},
        "Unrolled": {40: 3.11, 20: 3.11, 5: 3.11, 10: 11.6},
    },
}
"""(problem, optimiser) -> method -> hyperparameter, or None, -> step; the best
hyperparameter is first."""
