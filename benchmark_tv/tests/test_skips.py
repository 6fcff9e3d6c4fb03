"""What a solver does not solve, or cannot, it says; libraries get theirs."""
import sys

import numpy as np
import pytest
import torch

from unrolling.prox import prox_tv


@pytest.mark.parametrize(("solver", "parameters", "expected"), [
    ("PGD", {"device": "cuda", "backend": "torch"}, "torch sees no GPU"),
    ("Condat-Vu", {"device": "cuda", "backend": "torch"},
     "device=cuda but torch sees no GPU"),
    ("APGD", {"device": "cuda"}, "backend=numpy runs on device=cpu"),
    ("PGD", {"backend": "jax"}, "numpy or torch, got backend=jax"),
    ("Taut-string", {}, "Taut-string needs A = I"),
    ("Dual-PGD", {}, "full column rank, got 5 rows for 8 columns"),
])
def test_skip_reasons(suite, monkeypatch, solver, parameters, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    _, reason = suite.make_solver(
        solver, suite.make_objective(), **parameters)
    assert expected in reason


def test_more_skip_reasons(suite):
    """Of what the method cannot do."""
    def reason(name, **problem):
        return suite.get_class(name).get_instance().skip(**problem)

    singular = np.diag([1.0, 1e-9])
    assert "at most 1e+06, got 1e+09" in reason("Dual-PGD", A=singular)[1]
    nabla = np.diff(np.eye(4), axis=0)
    for name in ("ADMM", "Step-ADMM"):
        # relative to ||A||, whatever the unit of A is
        for scale in (1e-14, 1.0, 1e14):
            expected = "does not send constants to zero"
            rounded = scale * (nabla + 1e-15)
            assert expected in reason(name, A=rounded, x_train=None)[1]
            assert reason(name, A=scale * np.eye(4), x_train=None) == (
                False, None)
    for name in ("ADMM", "Dual-PGD", "celer", "Chambolle-Pock"):
        skip, why = reason(name, A=np.eye(3), delta=np.ones(2))
        assert skip
        assert f"{name} needs the quadratic data fit" in why


def test_defaults_are_not_skipped(suite, solver_class):
    """For A = I, unless a library is missing."""
    _, reason = suite.make_solver(
        solver_class, suite.make_objective("identity"))
    assert reason is None or "pip install" in reason
    assert reason is None or solver_class.library


@pytest.mark.parametrize(("name", "function"), [
    ("condat-tv", "tv_denoise_matrix"), ("prox-tv", "tv1_1d")])
def test_optional_libraries_are_called_right(
        suite, monkeypatch, name, function):
    """In their place, a library that computes the prox in its way."""
    def denoise(x, lmbd):
        return prox_tv(np.atleast_2d(x), lmbd).reshape(np.shape(x))

    library = type(sys)("made_up")
    setattr(library, function, denoise)
    monkeypatch.setitem(
        sys.modules, suite.get_class(name).library, library)
    objective = suite.make_objective("identity")
    metrics = objective.evaluate_result(**suite.run(name, objective, 1))
    assert abs(metrics["suboptimality"]) <= 1e-14
