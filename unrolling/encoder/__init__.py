"""The scikit-learn estimator of sparse codes, and what it is made of."""
from unrolling.encoder.estimator import SparseEncoder

__all__ = ["SparseEncoder"]
