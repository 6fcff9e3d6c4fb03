"""What claims ask benchopt to run exists, in every benchmark."""
import pytest
from benchopt.benchmark import _list_parametrized_classes

from ci.claims.claim import load_claims


@pytest.mark.parametrize("full", [False, True], ids=["quick", "full"])
def test_runs_name_what_exists(loaded, claims, full):
    """Each selector is of one objective, data set or solver: benchopt knows
    its name and parameters, and the others have one value."""
    benchmark = loaded.benchmark
    for claim in load_claims(claims.parent, full):
        for run in claim.runs:
            for select, selectors in (
                    (benchmark.check_objective_filters, run.objective),
                    (benchmark.check_dataset_patterns, run.dataset),
                    (benchmark.check_solver_patterns, run.solver)):
                names = {str(instance) for instance, _ in
                         _list_parametrized_classes(
                             *select(selectors), check_installed=False)}
                assert len(names) == len(selectors), claim.name
