"""CPU ms of the EIT operator, and its agreement with pyEIT.

OMP_NUM_THREADS=1 python performance/nonlinear/eit.py

Forward and Jacobian of the complete electrode model on 512 triangles, one
core, for batches of 20 conductivities; with point electrodes, on the same
mesh, also pyEIT's (`pip install pyeit`), one sample after the other, as it
works. The least of the turns counts. Differences are relative to the largest
entry.
"""
import sys
import time

import numpy as np
from problems import module, report

N_RINGS, N_SAMPLES, TURNS = 8, 20, 5
BAR_MS, BAR_RATIO, BAR_DIFFERENCE = 1.5, 50, 1e-10


def main():
    disc, EIT = module("disc"), module("eit_operator").EIT
    mesh, electrodes = (f(N_RINGS) for f in (
        disc.disc_mesh, disc.disc_electrodes))
    x = np.random.default_rng(0).uniform(
        0.5, 2, (N_SAMPLES, len(mesh.triangles)))
    print(f"{len(mesh.nodes)} nodes, {len(mesh.triangles)} triangles")
    K = EIT(mesh, electrodes)
    print(f"complete electrodes: forward {cpu_ms(K.forward, x):.3f} ms, with "
          f"J'r {cpu_ms(lambda x: gradient(K.at(x)), x):.3f} ms")
    report("forward and Jacobian, ms",
           cpu_ms(lambda x: K.at(x).jacobian(), x), BAR_MS)
    points = EIT(mesh, electrodes[:, :1], None)
    ours = cpu_ms(lambda x: points.at(x).jacobian(), x)
    print(f"point electrodes: forward and Jacobian {ours:.3f} ms")
    peer = pyeit_model(mesh, electrodes[:, 0])
    theirs = cpu_ms(lambda x: [peer.compute_jac(s) for s in x], x[:5])
    print(f"pyEIT: forward and Jacobian {theirs:.1f} ms")
    report("pyEIT / ours", theirs / ours, BAR_RATIO, at_most=False)
    J, v = peer.compute_jac(x[0])
    at, order = points.at(x[:1]), order_of(peer, points)
    for what, mine, other in (
            ("voltages", -at.value[0, order], v),
            ("Jacobian", at.jacobian()[0][order], J)):
        report(f"difference of the {what}",
               abs(mine - other).max() / abs(other).max(), BAR_DIFFERENCE)


def gradient(at):
    """J' K(x), which costs what the gradient of a misfit does."""
    return at.pull(at.value)


def pyeit_model(mesh, electrodes):
    """pyEIT's forward model on our mesh, with point electrodes."""
    try:
        from pyeit.eit import protocol
        from pyeit.eit.fem import EITForward
        from pyeit.mesh import PyEITMesh
    except ImportError as error:
        sys.exit(f"expected pyEIT to compare with, got {error}: pip install "
                 "pyeit")
    nodes = np.hstack([mesh.nodes, np.zeros((len(mesh.nodes), 1))])
    return EITForward(
        PyEITMesh(node=nodes, element=mesh.triangles,
                  perm=np.ones(len(mesh.triangles)), el_pos=electrodes,
                  ref_node=0), protocol.create(len(electrodes), 1, 1, "std"))


def order_of(peer, K):
    """For each measurement of pyEIT's, from m + 1 to m, the number of ours."""
    number = {pair: k for k, pair in enumerate(
        zip(K.drive, K.measured, strict=True))}
    return [number[d, m] for d, pairs in enumerate(peer.protocol.meas_mat)
            for _, m in pairs]


def cpu_ms(function, x):
    """CPU ms per sample of a function of a batch, the least of the turns."""
    function(x)
    times = []
    for _ in range(TURNS):
        started = time.process_time()
        function(x)
        times.append(time.process_time() - started)
    return 1e3 * min(times) / len(x)


if __name__ == "__main__":
    main()
