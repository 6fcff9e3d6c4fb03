"""Problems and solvers of benchmark_genprior for the measurements."""
from pathlib import Path

import numpy as np
from benchopt import BaseDataset

from unrolling.bench.testing import LoadedBenchmark

PRIOR = LoadedBenchmark(Path(__file__).parents[2] / "benchmark_genprior")
NO_LIMIT = {"max_iter": 10**6, "max_time": 10**6}


def load_data(name, seed=0, **parameters):
    """What a data set returns, its trained generator included."""
    # weights are cached in the folder of the running benchmark
    import benchopt.benchmark
    benchopt.benchmark._RUNNING_BENCHMARK = PRIOR.benchmark
    data = PRIOR.make_dataset(name, seed, **parameters).get_data()
    if "unavailable" in data:
        raise SystemExit(data["unavailable"])
    return data


def load_objective(data, **parameters):
    """The objective on data, without limits of time and iterations."""
    class Loaded(BaseDataset):
        name = "Loaded"

        def get_data(self):
            return data

    return PRIOR.make_objective(
        PRIOR.make_dataset(Loaded), **NO_LIMIT | parameters)


def with_images(data, images, **changes):
    """The data with other images to recover."""
    return data | {"images_test": np.asarray(images)} | changes


def load_solver(name, objective, **parameters):
    """A solver with the objective set, and why it is skipped or None."""
    return PRIOR.make_solver(name, objective, **parameters)
