"""What a measurement depends on besides the code: hardware and versions."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

import numpy as np

PACKAGES = ("benchopt", "numba", "numpy", "scipy", "scikit-learn", "torch")


def hardware():
    """Describe the hardware and the system: a dict of str to str.

    Its parts are the CPU, the number of cores, the memory, the GPUs and the
    system.
    """
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": cpu_model(),
        "cores": str(os.cpu_count()),
        "memory": f"{gib:.0f} GiB",
        "gpu": gpus(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions():
    """List the versions of Python and of what computes: a dict of str."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    found = {"python": platform.python_version(),
             "blas": f"{blas.get('name')} {blas.get('version')}"}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "none"
    return found


def fingerprint(parts):
    """Name a machine by a digest of its parts: 12 characters.

    Parameters
    ----------
    parts : dict, see `hardware`

    Returns
    -------
    str
    """
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def cpu_model(file="/proc/cpuinfo"):
    """Return the CPU's name, where Linux or Python knows it."""
    if Path(file).exists():
        for line in Path(file).read_text().splitlines():
            name, _, model = line.partition(":")
            if name.strip() == "model name":
                return model.strip()
    return platform.processor() or platform.machine()


def gpus():
    """Return the names of the NVIDIA GPUs; "none" without a driver."""
    if not shutil.which("nvidia-smi"):
        return "none"
    done = subprocess.run(
        ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"],
        capture_output=True, text=True, check=False)
    return ", ".join(done.stdout.split("\n")).strip(", ") or "none"
