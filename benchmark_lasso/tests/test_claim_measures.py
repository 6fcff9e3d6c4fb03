"""What claims read from curves: rates, depths, and seconds to a gap."""
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci.claims.testing import claims_of

CLAIMS, _ = claims_of(Path(__file__).parents[1])


def curve(times, gaps, name="FISTA"):
    """One seed of a solver, evaluated at these iterations, each a second."""
    return pd.DataFrame({
        "solver_name": name, "base_seed": 0, "time": times, "stop_val": times,
        "objective_suboptimality": gaps, "objective_value": gaps,
        "objective_duality_gap": 1e-11, "sampling_strategy": "Callback",
        "p_dataset_n_dim": 64, "p_dataset_n_atoms": 256})


def test_rates_are_those_before_convergence():
    """Decades a layer over the second half; none is known where the first
    evaluation has converged."""
    decrease = CLAIMS["quick", "L12"].module.decrease
    t = np.arange(20)
    assert decrease(curve(t, 10.0 ** -t), "FISTA", 8) == pytest.approx([1])
    # a last gap of 1e-9, then convergence to rounding errors
    assert decrease(curve(t, np.maximum(10.0 ** -t, 1e-17)), "FISTA",
                    19) == pytest.approx([1])
    assert np.isnan(decrease(curve([0, 1], [1.0, 1e-16]), "FISTA", 19)).all()
    assert decrease(curve(t, np.maximum(10.0 ** -t, 1e-3)), "FISTA",
                    19) == [0]


def test_the_depth_from_which_on_a_solver_is_below():
    """The first after the last at which it is above."""
    caught_up = CLAIMS["quick", "L12"].module.caught_up
    network = curve([0, 1, 2, 3, 5], [1, 0.1, 0.5, 0.05, 0.04], "Step-LISTA")
    for gaps_, name, depth in (
            ([1, 0.2, 0.3, 0.04, 0.03, 0.03], "FISTA", 2),
            ([1, 0.2, 0.3, 0.04, 0.03, 0.05], "FISTA", np.inf),
            ([1, 0.01, 0.01, 0.01, 0.01, 0.01], "FISTA", 1)):
        both = pd.concat([network, curve(range(6), gaps_, name)])
        assert caught_up(both, name, "Step-LISTA") == [depth]


def test_sweeps_are_counted_by_their_products():
    """Two are a layer, and the start costs nothing; others are as they are."""
    module = CLAIMS["quick", "L12"].module
    sweeps = curve([0, 1, 2, 3], [1, 0.2, 0.04, 0.03], "CD").assign(
        objective_products=[1.5, 3, 5, 8])
    network = curve([0, 1, 2, 3, 5], [1, 0.1, 0.05, 0.05, 0.04], "Step-LISTA")
    both = module.at_cost(pd.concat([sweeps, network]))
    assert both["stop_val"].tolist() == [0, 1.5, 2.5, 4, 0, 1, 2, 3, 5]
    assert module.caught_up(both, "CD", "Step-LISTA") == [3]


def test_a_rivals_time_is_read_between_its_evaluations():
    """On the line of time and log gap, and at no time beyond its ends: never,
    or not known where it was cut off."""
    seconds_to = CLAIMS["quick", "E3"].module.seconds_to
    rival = curve([0.0, 1.0, 3.0], [1.0, 1e-2, 1e-6])
    assert seconds_to(rival, 1e-4) == pytest.approx(2)
    assert seconds_to(rival, 1e-2) == pytest.approx(1)
    assert seconds_to(rival, 2.0) == 0
    assert seconds_to(rival, 1e-7) == np.inf
    assert np.isnan(seconds_to(
        rival.assign(objective_duality_gap=1e-9), 1e-7))
    assert seconds_to(curve([0.0, 1.0], [1.0, 0.0]), 0.0) == pytest.approx(1)


def test_a_run_to_a_tolerance_has_no_iterate_before_its_end():
    """Between the start and an exact answer there is nothing to stop at."""
    seconds_to = CLAIMS["quick", "E3"].module.seconds_to
    exact = curve([0.0, 1.0, 3.0], [1.0, 1e-2, 0.0], "Active-set").assign(
        stop_val=[1e38, 1e-1, 1e-2], sampling_strategy="Tolerance")
    assert seconds_to(exact, 1e-2) == 1
    assert seconds_to(exact, 9e-3) == 3


def test_set_up_counts_once():
    """A rival that is slow to begin, and then as fast as the network."""
    share = CLAIMS["quick", "E3"].module.share_of_many

    def rows(set_up, seconds):
        rival = curve([0, 1], [1.0, 1e-2], "SpaRSA").assign(
            time=[set_up, set_up + seconds])
        network = curve([0, 1], [1.0, 1e-2], "Step-LISTA[max_layers=1]")
        return pd.concat([rival, network.assign(time=[0.0, 1.0])]).assign(
            p_dataset_n_test=10, objective_train_time_s=5.0)

    def paid(*times):
        return share(rows(*times), "SpaRSA", "Step-LISTA")

    assert paid(4.0, 0.9) == 0
    assert paid(0.0, 2.0) == pytest.approx(1e6 / 50)
    assert paid(4.0, 2.0) == pytest.approx(1e6 / 10)
    assert paid(6.0, 2.0) == np.inf
