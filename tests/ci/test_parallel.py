"""dask and Slurm clusters on loopback give what a local run gives."""
import getpass
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).parents[2]
TINY = Path(__file__).with_name("tiny_benchmark")
CONFIGS = {name: ROOT / "configs" / f"parallel_{name}.yml"
           for name in ("dask", "slurm")}
needs_dask = pytest.mark.skipif(
    not importlib.util.find_spec("distributed"),
    reason="needs pip install dask distributed")
KEYS = ["dataset_name", "objective_name", "solver_name", "idx_rep",
        "stop_val"]


def start(stack, module, *arguments):
    """A process that ends with the stack; its lines can be read."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    stack.enter_context(process)
    stack.callback(process.kill)
    return process


def line_of(process, pattern):
    """The first line that a process prints with the pattern: its match."""
    for line in process.stdout:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"{process.args} ended before it printed {pattern}")


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler, and two workers of one thread."""
    with ExitStack() as stack:
        scheduler = start(
            stack, "dask_scheduler", "--host", "127.0.0.1", "--port", "0",
            "--no-dashboard", "--no-show")
        address = line_of(scheduler, r"(tcp://127\.0\.0\.1:\d+)")[1]
        workers = [
            start(stack, "dask_worker", address, "--nthreads", "1",
                  "--no-nanny", "--no-dashboard", "--name", f"w{k}",
                  "--local-directory", str(tmp_path / f"w{k}"))
            for k in range(2)]
        for worker in workers:
            line_of(worker, "Registered to")
        yield address, workers


def benchmark(tmp_path, name):
    return shutil.copytree(TINY, tmp_path / name / "tiny_benchmark")


GRADIENT = "-s", "Gradient", "-n", "5", "-r", "1"
"""A run of 2 x 2 curves."""


def run(folder, *options, variables=os.environ):
    """Start a run; the file of its results."""
    output = folder.parent / "r.parquet"
    process = subprocess.Popen(
        [sys.executable, "-m", "benchopt", "run", str(folder), "--no-plot",
         "--output", str(output), *options],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=variables | {"OMP_NUM_THREADS": "1"})
    return process, output


def table(process, output):
    printed = process.communicate()[0]
    assert process.returncode == 0, printed
    df = pd.read_parquet(output).sort_values(KEYS, ignore_index=True)
    return df[[*KEYS, "objective_value", "objective_suboptimality"]]


@needs_dask
def test_two_workers_give_the_results_of_a_local_run(cluster, tmp_path):
    """Also where one of them is killed in the middle."""
    address, workers = cluster
    local = table(*run(benchmark(tmp_path, "local"), *GRADIENT))
    assert len(local.groupby(KEYS[:3])) == 4
    config = yaml.safe_load(CONFIGS["dask"].read_text())
    own = tmp_path / "parallel.yml"
    own.write_text(yaml.safe_dump(config | {"dask_address": address}))
    remote = table(*run(benchmark(tmp_path, "remote"), *GRADIENT,
                        "--parallel-config", str(own)))
    pd.testing.assert_frame_equal(remote, local)
    folder = benchmark(tmp_path, "killed")
    solver = folder / "solvers" / "gradient.py"
    solver.write_text(solver.read_text().replace(
        "        self.z = z", "        self.z = z\n"
        "        import time, pathlib\n"
        f"        pathlib.Path({str(tmp_path / 'started')!r}).touch()\n"
        "        time.sleep(0.05)"))
    process, output = run(folder, *GRADIENT, "--parallel-config", str(own))
    deadline = time.monotonic() + 60
    while not (tmp_path / "started").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    workers[0].kill()
    pd.testing.assert_frame_equal(table(process, output), local)


def test_configurations_name_a_backend_of_benchopt():
    for name, backend in (("dask", "dask"), ("slurm", "submitit")):
        config = yaml.safe_load(CONFIGS[name].read_text())
        assert config.pop("backend") == backend
        assert all(key.startswith(f"{name}_") for key in config)


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
        start_daemon(stack, variables, "munged", "--foreground", "--force",
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


def test_slurm_gives_the_results_of_a_local_run(slurm_variables, tmp_path):
    """The smoke configuration, one job per data set, objective, solver."""
    config = "--config", str(TINY / "configs" / "smoke.yml")
    local = table(*run(benchmark(tmp_path, "local"), *config))
    assert len(local.groupby(KEYS[:3])) == 8
    folder = benchmark(tmp_path, "remote")
    remote = table(*run(folder, *config, "--parallel-config",
                        str(CONFIGS["slurm"]), variables=slurm_variables))
    pd.testing.assert_frame_equal(remote, local)
    log = (tmp_path / "slurm" / "slurmctld.log").read_text()
    assert len(re.findall(r"_job_complete: JobId=.* done", log)) >= 7
