"""What `import unrolling` offers, and what it does not import."""
import subprocess
import sys

import pytest

import unrolling


def test_the_public_api():
    """Each name of the package is where it is said to be."""
    for name in unrolling.__all__:
        assert getattr(unrolling, name).__name__ == name
    assert set(unrolling.__all__) <= set(dir(unrolling))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        unrolling.nothing  # noqa: B018


@pytest.mark.parametrize(("code", "absent"), [
    ("import unrolling", ["torch", "numba", "numpy"]),
    ("from unrolling import solve_lasso, lasso_path, duality_gap",
     ["torch", "benchopt"]),
    ("from unrolling import StepLISTA", ["benchopt"]),
])
def test_imports_are_lazy(code, absent):
    subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; "
         f"assert not {set(absent)!r} & set(sys.modules)"], check=True)
