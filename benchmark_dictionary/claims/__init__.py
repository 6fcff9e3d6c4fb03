"""Published claims about dictionary learning, each in a file that runs it.

`python -m ci claims benchmark_dictionary` runs and judges them;
`ci.claims.claim` says what such a file holds.
"""
