"""A Slurm cluster on loopback gives what a local run gives."""
import getpass
import importlib.util
import os
import re
import shutil
import socket
import subprocess
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
TINY = Path(__file__).with_name("tiny_benchmark")
SEARCH = f"{os.environ['PATH']}{os.pathsep}/usr/sbin"
PROGRAMS = "munged", "slurmctld", "slurmd", "sbatch", "sinfo"
CPUS = 4
"""What the node says it has; with memory, more than the machine may have."""
CONF = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=32000
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def find(name):
    """The path of a program, or None."""
    return shutil.which(name, path=SEARCH)


@contextmanager
def slurm_cluster(folder, wait_for):
    """Start munge, slurmctld and slurmd under this user.

    Parameters
    ----------
    folder : Path, for keys, sockets, states and logs
    wait_for : the fixture

    Yields
    ------
    dict, the environment in which sbatch and sinfo know the cluster
    """
    for name in ("state", "spool"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    key = folder / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o600)
    conf = folder / "slurm.conf"
    conf.write_text(CONF.format(
        host=socket.gethostname().partition(".")[0], folder=folder,
        user=getpass.getuser(), cpus=CPUS, ports=free_ports(2)))
    variables = os.environ | {"SLURM_CONF": str(conf), "PATH": SEARCH}
    with ExitStack() as stack:
        start_daemon(
            stack, variables, "munged", "--foreground", "--force",
            f"--key-file={key}", f"--socket={folder}/munge.socket",
            f"--pid-file={folder}/munged.pid",
            f"--log-file={folder}/munged.log",
            f"--seed-file={folder}/munged.seed")
        wait_for(lambda: (folder / "munge.socket").exists(), folder)
        start_daemon(
            stack, variables, "slurmctld", "-D", "-c", "-f", str(conf))
        start_daemon(stack, variables, "slurmd", "-D", "-f", str(conf))
        wait_for(lambda: "idle" in subprocess.run(
            ["sinfo", "--noheader", "--format=%T"], env=variables, text=True,
            capture_output=True).stdout, folder)
        yield variables


def start_daemon(stack, variables, name, *arguments):
    """Start a daemon that is ended, and waited for, with the stack."""
    process = subprocess.Popen(
        [find(name), *arguments], env=variables,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.terminate)


def free_ports(number):
    """Ports of loopback that nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket())
                   for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@pytest.fixture
def slurm_variables(tmp_path, wait_for):
    """The environment in which sbatch finds a cluster of one node."""
    absent = [name for name in PROGRAMS if not find(name)]
    if not importlib.util.find_spec("submitit"):
        absent.append("submitit")
    if absent:
        pytest.skip(
            f"needs {', '.join(absent)}: apt-get install slurm-wlm munge, "
            f"and pip install submitit")
    folder = tmp_path / "slurm"
    folder.mkdir()
    with slurm_cluster(folder, wait_for) as variables:
        yield variables


def test_slurm_gives_the_results_of_a_local_run(
        slurm_variables, tmp_path, tiny_runs):
    """The smoke configuration, one job per data set, objective, solver."""
    config = "--config", str(TINY / "configs" / "smoke.yml")
    local = tiny_runs.run("local", *config)
    assert len(local.groupby(tiny_runs.keys[:3])) == 8
    remote = tiny_runs.run(
        "remote", *config, "--parallel-config",
        str(ROOT / "configs" / "parallel_slurm.yml"),
        variables=slurm_variables)
    pd.testing.assert_frame_equal(remote, local)
    log = (tmp_path / "slurm" / "slurmctld.log").read_text()
    assert len(re.findall(r"_job_complete: JobId=.* done", log)) >= 7
