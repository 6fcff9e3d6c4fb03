"""The verdicts of the last runs, kept with the claims under git.

The table of a README is written from this file, never by hand. A verdict of
the full mode stays until the full mode gives another one.
"""

import json

from ci import UserError
from ci.claims.words import decisive
from ci.files import write_whole

FILE = "verdicts.json"


def record(benchmark, mode, results):
    """Keep the verdicts of claims in the benchmark's folder `claims`.

    Parameters
    ----------
    benchmark : Path
    mode : str, quick or full
    results : list of Result; those of other claims stay as they were, and so
        do those of the full mode in quick mode

    Returns
    -------
    Path of the file.
    """
    kept = {r["name"]: r for r in read_record(benchmark)}
    for claim, verdict, rows, _ in results:
        if mode == "quick" and kept.get(claim.name, {}).get("mode") == "full":
            continue
        kept[claim.name] = {
            "name": claim.name, "title": claim.title, "mode": mode,
            "verdict": verdict.verdict, "decisive": decisive(verdict),
            "n_parts": len(verdict.parts),
            "seeds": sorted(map(int, rows["base_seed"].unique())),
        }
    ordered = sorted(kept.values(), key=lambda r: (
        r["name"][0], int(r["name"][1:])))
    return write_whole(
        benchmark / "claims" / FILE,
        (json.dumps(ordered, indent=1) + "\n").encode("utf-8"))


def read_record(benchmark):
    """Read the verdicts that are kept, a list of dict; empty if none are.

    UserError if the file is damaged.
    """
    path = benchmark / "claims" / FILE
    if not path.exists():
        return []
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise UserError(
            f"expected verdicts in JSON in {path}, got {error}: restore the "
            f"file, or remove it and run the claims again") from error
