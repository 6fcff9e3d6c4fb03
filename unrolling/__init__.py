"""Unrolled optimisation networks, and what the benchmarks share."""
