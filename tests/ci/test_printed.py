"""What benchopt printed: which runs left no results, and why."""
from ci.printed import endings, last_error

LOG = """Simulated[n=1]
  |--O[reg=0.1]
    |--A[k=1]: done
Traceback (most recent call last):
  File "a.py", line 1, in run
ValueError: too few: 1
    |--A[k=2]: error
  |--O[reg=0.2]
    |--A[k=1]: diverged
    |--B: skip
    Reason: no GPU
    |--C: not installed
fMRI not installed
Digits
  |--O[reg=0.1]
  |--O[reg=0.1] skip
  Reason: no file
Saving result in: r.parquet
"""


def test_what_left_no_results():
    assert [(one.name, one.where, one.said) for one in endings(LOG)] == [
        ("A[k=2]", "Simulated[n=1], O[reg=0.1]", "error: ValueError: too few: "
         "1"),
        ("A[k=1]", "Simulated[n=1], O[reg=0.2]", "diverged"),
        ("B", "Simulated[n=1], O[reg=0.2]", "skip: no GPU"),
        ("C", "Simulated[n=1], O[reg=0.2]", "not installed"),
        ("fMRI", "", "not installed"),
        ("O[reg=0.1]", "", "skip: no file")]


def test_what_ended_the_whole_run():
    assert last_error(LOG) == ""
    assert last_error(LOG + "Traceback\nOSError: disk\n") == "OSError: disk"
    assert last_error("KeyError: 'x'\n") == "KeyError: 'x'"
