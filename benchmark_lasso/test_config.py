"""Marks for `benchopt test`: what cannot run where it runs."""
import shutil

import pytest


def check_test_solver_install(solver_class):
    """Installing is tested where there is a conda to install with."""
    if shutil.which("conda") is None:
        pytest.skip("no conda on this machine")


def check_test_dataset_install(dataset_class):
    """Installing is tested where there is a conda to install with."""
    if shutil.which("conda") is None:
        pytest.skip("no conda on this machine")
