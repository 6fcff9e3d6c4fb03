"""TV-regularised regression: cost, certificates, exact solver, networks."""
from unrolling.tv.problem import (
    best_constant,
    tv_cost,
    tv_duality_gap,
    tv_lmbd_max,
)
from unrolling.tv.solve import solve_tv, tv_path

__all__ = [
    "best_constant", "solve_tv", "tv_cost", "tv_duality_gap", "tv_lmbd_max",
    "tv_path",
]
