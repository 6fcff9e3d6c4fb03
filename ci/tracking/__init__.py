"""Benchmarks followed from commit to commit: measured, kept, compared."""
