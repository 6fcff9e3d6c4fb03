"""The examples run without benchopt, and what they find is true."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FINDINGS = {
    "many_lassos": """
        assert gap.max() <= 1e-6 and path.gap.max() <= 1e-6
        assert times_gap.max() <= 1e-8
        assert (rise <= rounded_gap + gap).all()
        best = found.mean(axis=1) - wrong.mean(axis=1) / n_active
        assert best.max() > 0.9
        assert (times[spikes] != 0).mean() > 0.95
        """,
    "lassos_in_blocks": """
        assert len(files) == 4 and n_samples == 4 * n_block
        assert done[:, 1].max() <= 1e-6 and gap.max() <= 1e-6
        assert (again == 0).all()
        assert written < 2 * n_samples * n_atoms  # a quarter of dense
        """,
    # with enough steps, both rivals reach the solutions
    "train_a_network": """
        for name, values in reached.items():
            assert values.min() > -1e-11, name
        means = {name: values.mean() for name, values in reached.items()}
        assert means["Step-LISTA"] < means["ISTA"] / 10
        assert means["Step-LISTA"] < means["SpaRSA"] < means["ISTA"]
        z, trials = sparsa(D, x_test[:50], lmbd, 500)
        F = lasso_cost(z[-1], D, x_test[:50], lmbd)
        assert ((F - F_star[:50]) / F_zero[:50]).max() < 1e-10
        assert (trials >= 500).all()
        assert difference < 1e-12
        assert Path(sys.argv[1]).read_bytes().startswith(b"<?xml")
        """,
    "own_layer": """
        assert results["Diagonal-LISTA"] < 0.8 * results["Step-LISTA"]
        assert results["Step-LISTA"] < results["ISTA"] / 2
        assert short.mean() > long.mean()
        """,
    "scikit_learn": """
        assert accuracy["codes"] > accuracy["pixels"]
        assert gap <= 1e-6 and difference < 1e-12
        assert costs[-1] < 0.98 * costs[0]
        assert (encoder.duality_gap(X_train) <= 1e-6).all()
        """,
}
"""Example -> statements that hold for the variables that it leaves."""

NEEDS = {"lassos_in_blocks": ["dask.array"]}
"""Example -> the packages of an extra that it needs."""


def test_every_example_is_tested():
    assert {path.stem for path in (ROOT / "examples").glob("*.py")} == set(
        FINDINGS)


@pytest.mark.parametrize("name", FINDINGS)
def test_example(name, tmp_path):
    for package in NEEDS.get(name, []):
        pytest.importorskip(package, reason=f"needs pip install {package}")
    code = "\n".join([
        "import os, runpy, sys, textwrap",
        f"sys.argv = [{name!r}, 'figure.svg']",
        f"path = {str(ROOT / 'examples' / name) + '.py'!r}",
        "left = runpy.run_path(path, run_name='__main__')",
        f"exec(textwrap.dedent({FINDINGS[name]!r}), left | {{'sys': sys}})",
        "assert 'benchopt' not in sys.modules",
        "assert 'matplotlib.pyplot' not in sys.modules",
    ])
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path,
        env=environment, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    assert process.stderr == ""
    assert process.stdout.count("\n") >= 4
