"""Published claims about unrolling for nonlinear problems, one in each file.

`python -m ci claims benchmark_nonlinear` runs and judges them;
`ci.claims.claim` says what such a file holds.
"""
