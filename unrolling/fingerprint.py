"""benchopt's cached results belong to the sources that computed them."""
import sys
from pathlib import Path

from unrolling.weights import digest


class Fingerprinted:
    """Mixin of an objective: puts the sources into benchopt's cache key.

    Results are cached under the solver's file and parameters; an edit of the
    objective, of the data sets, of benchmark_utils or of `unrolling` must not
    find the results of the code before it.
    """

    def _get_state(self):
        """Part of the cache key: the sources that benchopt does not see."""
        here = Path(sys.modules[type(self).__module__].__file__).parent
        folders = (here, here / "datasets", here / "benchmark_utils",
                   Path(__file__).parent)
        sources = [path.read_text() for folder in folders
                   for path in sorted(folder.glob("*.py"))]
        return {"sources": digest(*sources)}

    def __setstate__(self, state):
        """The fingerprint belongs to the key, not to the instance."""
