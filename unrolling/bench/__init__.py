"""What the benchmarks need of benchopt; no other module imports it."""
