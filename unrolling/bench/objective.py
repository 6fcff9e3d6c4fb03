"""benchopt's cached results belong to the sources that computed them."""
import sys
from pathlib import Path

from unrolling.fingerprint import source_files
from unrolling.weights import digest


class Fingerprinted:
    """Mixin of an objective: puts the sources into benchopt's cache key.

    Results are cached under the solver's file and parameters; an edit of the
    objective, of the data sets, or of anything that they or the solvers import
    must not find the results of the code before it.
    """

    def _get_state(self):
        """Part of the cache key: the sources that benchopt does not see."""
        here = Path(sys.modules[type(self).__module__].__file__).parent
        solvers = set(here.resolve().glob("solvers/*.py"))
        files = source_files(
            here / "objective.py", *here.glob("datasets/**/*.py"),
            *here.glob("benchmark_utils/**/*.py"), *solvers)
        return {"sources": digest(
            *(path.read_text("utf-8") for path in files
              if path not in solvers))}

    def __setstate__(self, state):
        """The fingerprint belongs to the key, not to the instance."""
