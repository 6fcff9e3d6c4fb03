"""Environments in which this machine computes like another one.

The last bit of a sum depends on the instructions of the CPU, on the library
that adds, and on the number of threads. Each environment changes one of them.
"""

from pathlib import Path
from typing import NamedTuple

from ci.threads import threads

SSE4 = frozenset({"sse4_2"})
AVX2 = frozenset({"avx2", "fma"})
AVX512 = frozenset(f"avx512{part}" for part in ("f", "cd", "bw", "dq", "vl"))


class Environment(NamedTuple):
    """Environment variables under a name, and the CPU that they need."""

    name: str
    variables: dict
    needs: frozenset = frozenset()
    """Flags of the CPU, without which a library would crash."""
    own_cache: bool = False
    """Whether numba's compiled functions are kept apart from others'."""

    def missing(self, flags):
        """Say why this CPU cannot imitate the other one; "" if it can.

        Parameters
        ----------
        flags : set of str, see `cpu_flags`

        Returns
        -------
        str
        """
        lacks = sorted(self.needs - flags)
        return f"this CPU lacks {', '.join(lacks)}" if lacks else ""

    def suites(self, suites, scratch):
        """Place suites in this environment.

        Parameters
        ----------
        suites : list of Suite
        scratch : Path of a folder for caches

        Returns
        -------
        list of Suite, each with the environment's name and variables.
        """
        variables = dict(self.variables)
        if self.own_cache:
            variables["NUMBA_CACHE_DIR"] = str(Path(scratch) / self.name)
        return [suite._replace(name=f"{self.name}: {suite.name}",
                               variables=suite.variables | variables)
                for suite in suites]


# numpy's wheels have kernels of OpenBLAS for Nehalem (without fused multiply-
# add), Haswell and SkylakeX, and take Haswell's for Zen; other builds have
# Zen's own.
ENVIRONMENTS = [
    Environment("mkl-compatible", {"MKL_CBWR": "COMPATIBLE"}),
    Environment("mkl-avx2", {"MKL_CBWR": "AVX2"}),
    Environment("aten-default", {"ATEN_CPU_CAPABILITY": "default"}),
    Environment("openblas-nehalem", {"OPENBLAS_CORETYPE": "Nehalem"}, SSE4),
    Environment("openblas-haswell", {"OPENBLAS_CORETYPE": "Haswell"}, AVX2),
    Environment("openblas-zen", {"OPENBLAS_CORETYPE": "Zen"}, AVX2),
    Environment("openblas-skylakex", {"OPENBLAS_CORETYPE": "SkylakeX"},
                AVX512),
    Environment("threads-1", threads(1)),
    Environment("threads-4", threads(4)),
    Environment("numba-generic",
                {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""},
                own_cache=True),
]


def cpu_flags(file="/proc/cpuinfo"):
    """Read which instructions the CPU has.

    Parameters
    ----------
    file : str or Path

    Returns
    -------
    set of str, in Linux's names, such as avx2; empty where there is no file.
    """
    if not Path(file).exists():
        return set()
    for line in Path(file).read_text().splitlines():
        name, _, flags = line.partition(":")
        if name.strip() == "flags":
            return set(flags.split())
    return set()
