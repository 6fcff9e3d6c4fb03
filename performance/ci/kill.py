"""`ci run` ended by SIGKILL at 20 random moments: what is lost?

python -m performance.ci.kill

Bar: the history is readable each time, and holds every run that the command
said was done.
"""
import os
import random
import signal
import subprocess
import sys
import time

from ci.tracking.store import History
from performance.ci.suites import ENVIRONMENT, tiny_suite

KILLS = 20


def main():
    moments, said = random.Random(0), 0
    with tiny_suite() as suite:
        file = suite / "artifacts" / "history.sqlite"
        for _ in range(KILLS):
            process = subprocess.Popen(
                [sys.executable, "-m", "ci", "run", "--repetitions", "99"],
                cwd=suite, env=ENVIRONMENT, text=True,
                stdout=subprocess.PIPE, start_new_session=True)
            time.sleep(moments.uniform(0, 12))
            os.killpg(process.pid, signal.SIGKILL)
            said += process.communicate()[0].count(" numbers, ")
            sizes = History(file).table().groupby("run").size()
            if len(sizes) < said or sizes.nunique() > 1:
                raise SystemExit(
                    f"expected {said} whole runs, got {sizes.tolist()}")
            said = len(sizes)
    print(f"{KILLS} kills, bar 20, ratio 1: {said} whole runs, none lost")


if __name__ == "__main__":
    main()
