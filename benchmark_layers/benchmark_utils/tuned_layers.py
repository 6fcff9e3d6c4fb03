"""Tuned steps, see `benchmark_utils.layer_steps`.

performance/layers/tune.py writes this file.
"""

TUNED = {
    ("Portfolio 1", "adam"): {
        "Implicit": {None: 0.207},
        "LPGD lower rho=0": {0.3: 0.404, 0.03: 0.259, 1.0: 1.92, 3.0: 1.54},
    },
    ("Portfolio 1", "gd"): {
        "Fenchel-Young": {None: 17.0},
        "Implicit": {None: 0.357},
        "LPGD average rho=0": {0.3: 6.96, 1.0: 22.8, 0.03: 0.87, 3.0: 183.0},
        "LPGD lower rho=0": {0.3: 9.37, 1.0: 55.7, 0.03: 0.87, 3.0: 600.0},
        "LPGD lower rho=1": {0.3: 12.6, 1.0: 41.4, 0.03: 1.58, 3.0: 446.0},
        "LPGD upper rho=0": {0.3: 6.96, 1.0: 41.4, 0.03: 0.48, 3.0: 183.0},
        "Random-smoothing": {0.3: 2.12, 1.0: 22.8, 3.0: 30.7, 0.03: 0.265},
        "SPO-plus": {None: 2.85},
        "Unrolled": {5: 1.17, 10: 0.48, 20: 0.48, 40: 0.357},
    },
    ("Ranking 0.01", "adam"): {
        "Implicit": {None: 0.133},
        "LPGD lower rho=0": {0.3: 0.404, 1.0: 1.92, 3.0: 2.4, 0.03: 0.0679},
    },
    ("Ranking 0.01", "gd"): {
        "Fenchel-Young": {None: 1.58},
        "Implicit": {None: 1.17},
        "LPGD average rho=0": {1.0: 246.0, 3.0: 331.0, 0.3: 6.96, 0.03: 1.58},
        "LPGD lower rho=0": {1.0: 183.0, 0.3: 3.84, 3.0: 246.0, 0.03: 1.17},
        "LPGD lower rho=1": {0.3: 3.84, 1.0: 246.0, 3.0: 183.0, 0.03: 17.0},
        "LPGD upper rho=0": {0.3: 6.96, 1.0: 101.0, 3.0: 446.0, 0.03: 2.85},
        "Random-smoothing": {1.0: 331.0, 0.03: 1.58, 0.3: 246.0, 3.0: 5.17},
    },
    ("Ranking 1", "adam"): {
        "Implicit": {None: 0.323},
        "LPGD lower rho=0":
            {0.3: 0.631, 1.0: 0.0348, 0.03: 0.0849, 3.0: 0.631},
    },
    ("Ranking 1", "gd"): {
        "Fenchel-Young": {None: 1.58},
        "Implicit": {None: 3.84},
        "LPGD average rho=0": {3.0: 5.17, 1.0: 3.84, 0.3: 3.84, 0.03: 2.12},
        "LPGD lower rho=0": {1.0: 2.85, 0.3: 2.12, 0.03: 2.85, 3.0: 136.0},
        "LPGD lower rho=1": {1.0: 2.85, 3.0: 5.17, 0.3: 3.84, 0.03: 12.6},
        "LPGD upper rho=0": {0.03: 2.85, 0.3: 6.96, 1.0: 41.4, 3.0: 600.0},
        "Random-smoothing": {3.0: 5.17, 1.0: 2.85, 0.03: 1.58, 0.3: 3.84},
    },
    ("Simplex entropy 1", "adam"): {
        "Implicit": {None: 0.505},
        "LPGD lower rho=0": {3.0: 0.323, 0.03: 0.505, 1.0: 0.323, 0.3: 0.323},
    },
    ("Simplex entropy 1", "gd"): {
        "Fenchel-Young": {None: 9.37},
        "Implicit": {None: 17.0},
        "LPGD average rho=0": {0.3: 17.0, 3.0: 17.0, 0.03: 17.0, 1.0: 17.0},
        "LPGD lower rho=0": {0.03: 17.0, 0.3: 17.0, 1.0: 17.0, 3.0: 17.0},
        "LPGD upper rho=0": {1.0: 17.0, 0.03: 17.0, 0.3: 17.0, 3.0: 17.0},
        "Random-smoothing": {3.0: 41.4, 1.0: 17.0, 0.3: 17.0, 0.03: 17.0},
        "Unrolled": {10: 17.0, 20: 17.0, 40: 17.0, 5: 17.0},
    },
    ("Simplex quadratic 0.01", "adam"): {
        "Implicit": {None: 1.54},
        "LPGD lower rho=0": {3.0: 0.323, 1.0: 0.323, 0.3: 0.323, 0.03: 0.985},
    },
    ("Simplex quadratic 0.01", "gd"): {
        "Fenchel-Young": {None: 6.96},
        "Implicit": {None: 22.9},
        "LPGD average rho=0": {3.0: 6.96, 1.0: 3.84, 0.3: 12.6, 0.03: 22.8},
        "LPGD lower rho=0": {1.0: 2.12, 3.0: 5.17, 0.3: 1.58, 0.03: 136.0},
        "LPGD lower rho=1": {1.0: 5.17, 3.0: 5.17, 0.3: 5.17, 0.03: 55.7},
        "LPGD upper rho=0": {0.03: 22.8, 0.3: 183.0, 1.0: 331.0, 3.0: 600.0},
        "Random-smoothing": {3.0: 3.84, 1.0: 2.85, 0.3: 9.37, 0.03: 1.17},
        "Unrolled": {40: 22.8, 20: 22.8, 10: 30.7, 5: 75.0},
    },
    ("Simplex quadratic 0.1", "adam"): {
        "Implicit": {None: 0.323},
        "LPGD lower rho=0": {3.0: 0.166, 1.0: 0.133, 0.3: 0.404, 0.03: 0.985},
    },
    ("Simplex quadratic 0.1", "gd"): {
        "Fenchel-Young": {None: 2.85},
        "Implicit": {None: 9.37},
        "LPGD average rho=0": {3.0: 5.17, 1.0: 2.12, 0.3: 2.85, 0.03: 3.84},
        "LPGD lower rho=0": {3.0: 3.84, 1.0: 1.17, 0.3: 1.58, 0.03: 5.17},
        "LPGD lower rho=1": {1.0: 1.58, 3.0: 3.84, 0.3: 5.17, 0.03: 30.7},
        "LPGD upper rho=0": {0.3: 41.4, 3.0: 600.0, 1.0: 75.0, 0.03: 75.0},
        "Random-smoothing": {3.0: 12.6, 1.0: 2.85, 0.3: 6.96, 0.03: 6.96},
        "Unrolled": {20: 6.96, 5: 9.37, 10: 6.96, 40: 6.96},
    },
    ("Simplex quadratic 1", "adam"): {
        "Implicit": {None: 0.106},
        "LPGD lower rho=0":
            {3.0: 0.166, 1.0: 0.0849, 0.3: 0.166, 0.03: 0.166},
    },
    ("Simplex quadratic 1", "gd"): {
        "Fenchel-Young": {None: 5.17},
        "Implicit": {None: 5.17},
        "LPGD average rho=0": {1.0: 2.85, 3.0: 3.84, 0.3: 3.84, 0.03: 12.6},
        "LPGD lower rho=0": {1.0: 2.85, 3.0: 3.84, 0.3: 3.84, 0.03: 9.37},
        "LPGD lower rho=1": {1.0: 5.17, 3.0: 5.17, 0.3: 6.96, 0.03: 12.6},
        "LPGD upper rho=0": {0.03: 9.37, 3.0: 55.7, 0.3: 6.96, 1.0: 22.8},
        "Random-smoothing": {3.0: 22.8, 1.0: 6.96, 0.3: 3.84, 0.03: 9.37},
        "Unrolled": {10: 6.96, 5: 17.0, 20: 3.84, 40: 3.84},
    },
    ("Simplex quadratic 3", "adam"): {
        "Implicit": {None: 0.404},
        "LPGD lower rho=0": {3.0: 0.323, 0.3: 0.505, 1.0: 0.505, 0.03: 0.505},
    },
    ("Simplex quadratic 3", "gd"): {
        "Fenchel-Young": {None: 9.37},
        "Implicit": {None: 12.6},
        "LPGD average rho=0": {3.0: 12.6, 1.0: 12.6, 0.3: 12.6, 0.03: 12.6},
        "LPGD lower rho=0": {3.0: 12.6, 1.0: 12.6, 0.3: 12.6, 0.03: 12.6},
        "LPGD lower rho=1": {3.0: 17.0, 1.0: 17.0, 0.3: 17.0, 0.03: 17.0},
        "LPGD upper rho=0": {0.03: 12.6, 0.3: 12.6, 3.0: 17.0, 1.0: 12.6},
        "Random-smoothing": {3.0: 41.4, 0.3: 12.6, 1.0: 17.0, 0.03: 12.6},
        "Unrolled": {20: 17.0, 40: 12.6, 10: 17.0, 5: 2.85},
    },
    ("Weighted-l1 0.05", "adam"): {
        "Implicit": {None: 0.166},
        "LPGD lower rho=0":
            {0.03: 0.0679, 0.3: 0.003, 1.0: 0.003, 3.0: 0.003},
    },
    ("Weighted-l1 0.05", "gd"): {
        "Fenchel-Young": {None: 30.7},
        "Implicit": {None: 5.17},
        "LPGD average rho=0": {0.03: 6.96, 0.3: 30.7, 1.0: 9.37, 3.0: 41.4},
        "LPGD lower rho=0": {0.03: 9.37, 0.3: 2.12, 1.0: 0.87, 3.0: 0.646},
        "LPGD lower rho=1": {0.03: 101.0, 0.3: 30.7, 1.0: 331.0, 3.0: 41.4},
        "LPGD upper rho=0": {0.03: 6.96, 0.3: 2.12, 1.0: 0.265, 3.0: 0.06},
        "Unrolled": {40: 3.11, 20: 3.11, 10: 0.834, 5: 0.834},
    },
    ("Weighted-l1 0.4", "adam"): {
        "Implicit": {None: 0.166},
        "LPGD lower rho=0": {0.03: 0.133, 0.3: 0.404, 1.0: 1.54, 3.0: 1.54},
    },
    ("Weighted-l1 0.4", "gd"): {
        "Fenchel-Young": {None: 22.8},
        "Implicit": {None: 2.85},
        "LPGD average rho=0": {0.03: 5.17, 0.3: 9.37, 1.0: 55.7, 3.0: 101.0},
        "LPGD lower rho=0": {0.03: 3.84, 0.3: 5.17, 1.0: 2.85, 3.0: 1.17},
        "LPGD lower rho=1": {0.3: 12.6, 0.03: 17.0, 1.0: 22.8, 3.0: 17.0},
        "LPGD upper rho=0": {0.03: 3.84, 0.3: 5.17, 1.0: 0.06, 3.0: 0.06},
        "Unrolled": {40: 3.11, 20: 3.11, 10: 3.11, 5: 3.11},
    },
    ("Weighted-l1 2", "adam"): {
        "Implicit": {None: 0.166},
        "LPGD lower rho=0": {0.3: 0.259, 1.0: 1.92, 3.0: 0.788, 0.03: 0.133},
    },
    ("Weighted-l1 2", "gd"): {
        "Fenchel-Young": {None: 5.17},
        "Implicit": {None: 9.37},
        "LPGD average rho=0": {0.3: 22.8, 1.0: 55.7, 3.0: 41.4, 0.03: 2.12},
        "LPGD lower rho=0": {3.0: 0.87, 1.0: 2.12, 0.3: 1.58, 0.03: 2.12},
        "LPGD lower rho=1": {1.0: 6.96, 3.0: 5.17, 0.3: 30.7, 0.03: 3.84},
        "LPGD upper rho=0": {0.03: 2.12, 0.3: 0.87, 1.0: 55.7, 3.0: 0.06},
        "Unrolled": {40: 3.11, 20: 3.11, 5: 3.11, 10: 11.6},
    },
}
"""(problem, optimiser) -> method -> hyperparameter, or None, -> step; the best
hyperparameter is first."""
