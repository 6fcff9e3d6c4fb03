from sklearn.utils.estimator_checks import parametrize_with_checks
from unrolling.encoder import SparseEncoder

@parametrize_with_checks([SparseEncoder(n_components=3, method=m) for m in ("active-set", "fista")])
def test_scikit_learn(estimator, check):
    check(estimator)
