"""Published claims about optimisation layers, each in a file that runs it.

`python -m ci claims benchmark_layers` runs and judges them; `ci.claims.claim`
says what such a file holds.
"""
