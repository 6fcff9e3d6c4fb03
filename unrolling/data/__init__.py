"""Data that two benchmarks read."""
