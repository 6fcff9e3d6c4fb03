"""
Sparse codes within scikit-learn
================================

``SparseEncoder`` is a transformer of scikit-learn: it goes into pipelines and
grid searches, and takes the place of ``SparseCoder``. Its atoms are rows, as
scikit-learn's are, and its penalty ``reg`` is a share of each sample's own
lmbd_max, above which the code is zero: it needs no tuning to the scale of X.

``python examples/scikit_learn.py``
"""
# %%
# Handwritten digits, 8 x 8 pixels, scaled to unit norm.
import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import normalize

from unrolling import SparseEncoder

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(
    normalize(X), y, random_state=0)
rng = np.random.default_rng(0)
digits = X_train[rng.choice(len(X_train), 200, replace=False)]

# %%
# A linear classifier of the codes over 200 digits as atoms. The grid search
# chooses the penalty by cross-validation. (Without a dictionary,
# ``SparseEncoder(n_components=200)`` would learn the atoms in each fold.)
search = GridSearchCV(
    make_pipeline(SparseEncoder(digits), RidgeClassifier(alpha=0.1)),
    {"sparseencoder__reg": [0.02, 0.1, 0.5]}, cv=3)
search.fit(X_train, y_train)
print("accuracy in cross-validation, by reg:")
for parameters, accuracy in zip(search.cv_results_["params"],
                                search.cv_results_["mean_test_score"],
                                strict=True):
    print(f"  {parameters['sparseencoder__reg']:4} {accuracy:8.1%}")
pixels = RidgeClassifier(alpha=0.1).fit(X_train, y_train)
accuracy = {"codes": search.score(X_test, y_test),
            "pixels": pixels.score(X_test, y_test)}
print("on new digits: {codes:.1%} from codes, {pixels:.1%} from pixels".format(
    **accuracy))

# %%
# The fitted encoder certifies its codes, sample by sample, and is saved
# without pickle. With ``sparse_output`` the codes are never one dense array.
encoder = search.best_estimator_[0].set_params(sparse_output=True)
codes = encoder.transform(X_test)
gap = encoder.duality_gap(X_test).max()
print(f"{codes.nnz / np.prod(codes.shape):.0%} of the codes are nonzero, "
      f"their largest duality gap is {gap:.1e}")
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "encoder.safetensors"
    encoder.save(path)
    loaded = SparseEncoder.load(path)
difference = abs(loaded.transform(X_test) - codes).max()
print(f"the loaded encoder's largest difference: {difference:.1e}")

# %%
# Dictionary learning with the encoder as the coder: codes and atoms are
# updated in turn, each atom in closed form, as scikit-learn does. J. Mairal,
# F. Bach, J. Ponce and G. Sapiro, Online learning for matrix factorization and
# sparse coding, JMLR 11, 2010, algorithm 2.


def update(atoms, codes, X):
    """Lower ||X - codes @ atoms||^2 in each atom that is used, in place.

    Atoms keep unit norm: F rates dictionaries only where norms are fixed.
    """
    gram, target = codes.T @ codes, codes.T @ X
    for j in np.flatnonzero(gram.diagonal()):
        atoms[j] += (target[j] - gram[j] @ atoms) / gram[j, j]
        atoms[j] /= np.linalg.norm(atoms[j])


def cost(encoder):
    """The mean F of new digits: ``score`` is minus that."""
    return -encoder.score(X_test)


atoms = digits[:32].copy()
costs = []
for _ in range(10):
    encoder = SparseEncoder(atoms, reg=0.2)
    codes = encoder.fit_transform(X_train)
    costs.append(cost(encoder))
    update(atoms, codes, X_train)
print(f"\nmean cost of new digits over 32 digits as atoms: {costs[0]:.4f}\n"
      f"after {len(costs) - 1} updates of the atoms: {costs[-1]:.4f}")

# %%
# Without a dictionary the encoder learns one itself, by scikit-learn's
# MiniBatchDictionaryLearning.
learned = SparseEncoder(n_components=32, reg=0.2, random_state=0).fit(X_train)
print(f"over atoms of MiniBatchDictionaryLearning: {cost(learned):.4f}")

# %%
# A learned method codes in a fixed number of layers, and is approximate. Its
# gaps say by how much, its cost what that loses.
network = SparseEncoder(
    learned.components_, reg=0.2, method="step-lista", n_layers=5,
    random_state=0)
network.fit(X_train[:500])
print(f"the same by 5 layers of step-lista: {cost(network):.4f}, median gap "
      f"{np.median(network.duality_gap(X_test)):.1e}")
