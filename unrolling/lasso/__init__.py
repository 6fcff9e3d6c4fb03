"""The Lasso: its cost and certificates, exact solvers, unrolled networks."""
from unrolling.lasso.problem import (
    check_lasso,
    duality_gap,
    lasso_cost,
    lipschitz,
    support_lipschitz,
)
from unrolling.lasso.solve import lasso_path, solve_lasso

__all__ = [
    "check_lasso", "duality_gap", "lasso_cost", "lasso_path", "lipschitz",
    "solve_lasso", "support_lipschitz",
]
