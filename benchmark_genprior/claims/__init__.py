"""Published claims about generative priors, each in a file that runs it.

`python -m ci claims benchmark_genprior` runs and judges them;
`ci.claims.claim` says what such a file holds.
"""
