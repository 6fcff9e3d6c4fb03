"""Published claims about TV regression, each in a file that judges it.

`python -m ci claims benchmark_tv` runs and judges them; `ci.claims.claim` says
what such a file holds.
"""
