"""Recurrent momentum acceleration improves learned proximal gradient (LPGD)
and learned primal-dual (LPD) networks on electrical impedance tomography: the
mean square error at the last layer is lower, with limited numbers of
measurements and of training samples."""
from ci.claims.claim import Run
from ci.claims.parts import EXTENDED, STAND_IN

from ._problems import (
    MOMENTUM,
    PLAIN,
    RIVALS,
    RMA,
    SET_UP,
    ZHOU,
    compared,
    labelled,
    layer_panel,
    networks,
    training_panel,
)

TITLE = "Recurrent momentum pays on EIT"
SOURCE = f"{ZHOU}, electrical impedance tomography"
CHANGES = f"""{SET_UP} Electrodes have the complete electrode model, where the
source has points; convolutions are on the graph of neighbouring triangles,
where the authors' run along the numbers of the elements. The mesh is the
suite's, and coarser. The authors' networks have 20 (LPGD) and 10 (LPD) layers
and an LSTM of one layer of 128; here they have 5 layers, and in quick mode 3
and an LSTM of two layers of 50. As the authors' they train for 20 epochs, a
sample at a time, on 200 samples (the authors have 50 and 400, too); in quick
mode batches have 10 of 100 samples, for 40 epochs. In the set-up that stands
in, data are computed on the mesh of the inversion, without noise, and the
initial guess is eight Gauss-Newton steps; the suite's own has a finer mesh for
the data, noise, and one step. These steps are damped by 1e-3 ||J||^2, half as
much each time, and pull to the background; the authors' are pyEIT's, damped by
1, a tenth as much each time."""

PLACES = {True: "one mesh, no noise", False: "finer mesh for data, noise"}
"""Whether the inverse crime is committed -> the regime's name."""
FULL_TRAIN, QUICK_TRAIN = 200, 100


def chosen(full):
    """The networks, see `networks`."""
    if full:
        return networks({"LPGD": 140, "LPD": 97}, (PLAIN, RMA, MOMENTUM),
                        batch_size=1, epochs=20, hidden=128, max_layers=5,
                        n_recurrent=1)
    return networks({"LPGD": 77}, batch_size=10, epochs=40, hidden=50,
                    max_layers=3, n_recurrent=2)


def dataset(crime, full):
    """EIT with or without the inverse crime."""
    counts = (f"n_test=50,n_train={FULL_TRAIN},n_val=50" if full
              else f"n_test=30,n_train={QUICK_TRAIN},n_val=30")
    mesh = "data_rings=12,rings=8" if full else "data_rings=8,rings=4"
    regime = ("inverse_crime=True,noise=0.0,start_steps=8" if crime
              else "inverse_crime=False,noise=0.001,start_steps=1")
    return f"EIT[{mesh},{regime},{counts}]"


def runs(full):
    return [Run(["Nonlinear[max_iter=5]"],
                [dataset(crime, full) for crime in (
                    (True, False) if full else (True,))],
                [*RIVALS, *labelled(chosen(full)).values()])]


def that_ran(df):
    """The networks of the results."""
    return chosen(df["p_dataset_n_train"].max() == FULL_TRAIN)


def check(df):
    parts = []
    for crime, rows in df.groupby("p_dataset_inverse_crime"):
        parts += compared(rows, that_ran(df), PLACES[crime],
                          STAND_IN if crime else EXTENDED)
    return parts


def figure(df):
    found, panels = that_ran(df), []
    for crime, rows in df.groupby("p_dataset_inverse_crime"):
        panels += [panel(rows, found, PLACES[crime])
                   for panel in (training_panel, layer_panel)]
    return panels
