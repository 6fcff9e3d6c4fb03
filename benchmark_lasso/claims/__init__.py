"""Published claims about the Lasso, each in a file that runs and judges it.

`python -m ci claims benchmark_lasso` runs and judges them; `ci.claims.claim`
says what such a file holds.
"""
