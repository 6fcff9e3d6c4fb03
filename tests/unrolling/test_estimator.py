"""SparseEncoder keeps the conventions of scikit-learn."""
from sklearn.utils.estimator_checks import parametrize_with_checks

from unrolling import SparseEncoder
from unrolling.encoder import atoms
from unrolling.encoder.coder import METHODS


@parametrize_with_checks([
    SparseEncoder(n_components=3, method=method, n_layers=1)
    for method in METHODS])
def test_scikit_learn_conventions(estimator, check, monkeypatch):
    monkeypatch.setattr(atoms, "EPOCHS", 2)  # learned fast, and badly
    check(estimator)
