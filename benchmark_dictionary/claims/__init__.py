"""Published claims about dictionary learning, one file for each.

`python -m ci claims benchmark_dictionary` runs and judges them; `ci.claim`
says what such a file holds.
"""
