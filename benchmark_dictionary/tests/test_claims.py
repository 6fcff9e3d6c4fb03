"""The check of L14 says what is true of tables that are made up."""
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci.claims.figure import colour
from ci.claims.parts import FAILS, HOLDS
from ci.claims.testing import MANY_SEEDS, ClaimTests, cells, claims_of
from ci.claims.verdict import judge

CLAIMS, EACH = claims_of(Path(__file__).parents[1])
TIMES = np.linspace(0, 10, 101)


def made_up(claim, value, times=lambda base: TIMES):
    """The table of the claim's runs; value(base, n_iter, time) is F(D), and
    times(base) are those of the evaluations."""
    table = []
    for cell in cells(claim, MANY_SEEDS):
        table += [cell.names | {
            "p_dataset_images": cell.sizes.get("images"),
            "stop_val": stop_val, "time": time,
            "objective_train_time_s": 0.1 * time,
            "objective_value": value(
                cell.base, cell.options.get("n_iter"), time),
        } for stop_val, time in enumerate(times(cell.base))]
    return pd.DataFrame(table)


def floors(network, speed=1.0):
    """Curves to a level; ISTA's is the lower, the more iterations."""
    def value(base, n_iter, time):
        if base == "Step-LISTA":
            return network + (1 - network) * np.exp(-speed * time)
        level = 1 / (n_iter or 100)
        return level + (1 - level) * np.exp(-time)
    return value


@pytest.fixture
def tables(claim):
    """Against the claim, the network ends above the best ISTA, or is late."""
    return [made_up(claim, floors(0.009, 2.0))], [
        made_up(claim, floors(0.1, 2.0)), made_up(claim, floors(0.0, 0.4))]


@EACH
class TestClaims(ClaimTests):
    pass


@EACH
@pytest.mark.parametrize(("network", "speed", "verdict", "ratio"), [
    (0.009, 2.0, HOLDS, 2.0),  # below where ISTA ends, and twice as fast
    (0.1, 2.0, FAILS, 0.0),    # faster, but it ends above the best ISTA
    (0.0, 0.4, FAILS, 0.4),    # on its way below, but later
])
def test_verdicts(claim, network, speed, verdict, ratio):
    df = made_up(claim, floors(network, speed))
    judged = judge(claim, df, MANY_SEEDS)
    assert judged.verdict == verdict
    assert len(judged.parts) == 6 * len(claim.runs[0].dataset)
    for part in judged.parts:
        assert part.effect.value == pytest.approx(ratio, rel=0.2)


@EACH
@pytest.mark.parametrize(("fast", "rival"), [
    ("CD[n_cycles=5]", "warm CD"),
    ("Active-set[tol=0.001]", "warm active sets")])
def test_a_rival_has_the_fastest_of_its_settings(claim, fast, rival):
    """One setting that is faster than the network decides its rival's part."""
    df = made_up(claim, floors(0.009, 2.0))
    df.loc[df["solver_name"] == fast, "objective_value"] = np.resize(
        floors(0.009, 4.0)("Step-LISTA", None, TIMES),
        (df["solver_name"] == fast).sum())
    for part in judge(claim, df, MANY_SEEDS).parts:
        slower = f"time of {rival} /" in part.effect_of
        assert part.verdict == (FAILS if slower else HOLDS)


@EACH
def test_the_grid_of_the_evaluations_has_no_say(claim):
    """Curves that are equal are so within the bar's 10 %, even if the
    network's are measured a third of the time apart, and the others' at a
    seventh."""
    def times(base):
        step = 4 / 3 if base == "Step-LISTA" else 8 / 7
        return np.concatenate([[0], step ** np.arange(-20, 20)]) * 0.97

    def value(base, n_iter, time):
        return np.exp(-time)

    for part in judge(claim, made_up(claim, value, times), MANY_SEEDS).parts:
        assert part.effect.value == pytest.approx(1, abs=0.05)


def test_figure_is_of_every_method_and_problem():
    claim = CLAIMS["full", "L14"]
    df = made_up(claim, floors(0.0))
    panels = claim.module.figure(df)
    value = np.unique(df["objective_value"])
    least = value[value > value.min()].min() - value.min()
    assert [p.title for p in panels] == [
        "patches, china", "patches, digits", "simulated, planted atoms"]
    for panel in panels:
        assert len(panel.curves) == len(claim.module.METHODS)
        assert len(set(colour([panel], {}).values())) == len(panel.curves)
        for curve in panel.curves:
            assert len(curve.x) == len(curve.y) == len(curve.low)
            assert (np.diff(curve.x) > 0).all()
            assert (np.diff(curve.y) <= 0).all()
            # a log axis shows it, and ends at the least gap above zero
            assert min(curve.low) >= least > 0
