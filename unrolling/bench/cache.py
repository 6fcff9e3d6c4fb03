"""The folder in which benchopt caches the results of the running benchmark."""
from pathlib import Path

from benchopt.benchmark import CACHE_DIR, get_running_benchmark
from benchopt.config import get_setting


def cache_folder():
    """Path of the running benchmark's folder in benchopt's cache."""
    benchmark = get_running_benchmark()
    cache = get_setting("cache")
    return (Path(cache) / benchmark.name if cache
            else benchmark.benchmark_dir / CACHE_DIR)
