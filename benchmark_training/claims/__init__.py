"""Published claims about ADMM for training networks, each in a file.

`python -m ci claims benchmark_training` runs and judges them;
`ci.claims.claim` says what such a file holds.
"""
