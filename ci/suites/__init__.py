"""Test suites: which there are, running them, imitating other machines."""
