"""The verdicts of the last runs, kept with the claims under git.

The table of a README is written from this file, never by hand. A verdict of
the full mode stays until the full mode gives another one, and any verdict
where a claim was not run; on fewer seeds, none replaces one of its own mode.
"""

import json
import math

from ci import UserError
from ci.claims.parts import Effect, Part
from ci.claims.verdict import NOT_RUN, RUN, Verdict
from ci.files import locked, write_whole

FILE = "verdicts.json"


def record(benchmark, mode, results):
    """Keep the verdicts of claims in the benchmark's folder `claims`.

    Parameters
    ----------
    benchmark : Path
    mode : str, quick or full
    results : list of Result. The verdicts of other claims stay as they were.

    Returns
    -------
    path : Path of the file
    left_out : list of str, which of the results are not in it, and why
    """
    left_out = []
    with locked(benchmark / "outputs" / f"{FILE}.lock"):
        kept = {r["name"]: r for r in read_record(benchmark)}
        for result in results:
            new, name = entry(result, mode), result.claim.name
            why = why_not(new, kept.get(name))
            if why:
                left_out.append(f"{name} {why}")
            else:
                kept[name] = new
        ordered = sorted(kept.values(), key=in_order)
        path = write_whole(benchmark / "claims" / FILE,
                           text_of(ordered).encode("utf-8"))
    return path, left_out


def entry(result, mode):
    """Return what is kept of a result, a dict."""
    claim, verdict, rows, _ = result
    return {
        "name": claim.name, "title": claim.title,
        "sentence": claim.sentence, "source": claim.source, "mode": mode,
        "verdict": verdict.verdict,
        "seeds": common_seeds(rows),
        "parts": [written(part) for part in verdict.parts],
    }


def common_seeds(rows):
    """List the seeds on which every solver ran on every problem.

    Parameters
    ----------
    rows : DataFrame, the rows of a claim

    Returns
    -------
    list of int
    """
    of_runs = rows.groupby(RUN[:-1])["base_seed"].agg(set)
    return sorted(map(int, set.intersection(*of_runs) if len(rows) else ()))


def why_not(new, former):
    """Say why an entry does not replace a former one; "" if it does.

    Parameters
    ----------
    new, former : dict, see `entry`; former is None where there is none
    """
    n_new, n_former = (len(one["seeds"]) if one else 0
                       for one in (new, former))
    if new["verdict"] == NOT_RUN:
        return "was not run" + (
            f" and keeps its verdict of the {former['mode']} mode"
            if former else "")
    if former and (new["mode"], former["mode"]) == ("quick", "full"):
        return "keeps its verdict of the full mode"
    if former and new["mode"] == former["mode"] and n_new < n_former:
        return (f"keeps its verdict on {n_former} seeds, since this one is "
                f"on {n_new}")
    return ""


def text_of(records):
    """Write records as JSON with a line for each part, as git compares lines.

    Parameters
    ----------
    records : list of dict

    Returns
    -------
    str
    """
    blocks = []
    for one in records:
        own = {name: one[name] for name in one if name != "parts"}
        block = json.dumps(own, indent=1).removesuffix("\n}")
        # bars and flags may be numpy's
        parts = [json.dumps(part, default=lambda x: x.item())
                 for part in one.get("parts", ())]
        lines = ",\n".join(f"  {part}" for part in parts)
        blocks.append(f'{block},\n "parts": [\n{lines}\n ]\n}}')
    return f"[{', '.join(blocks)}]\n"


def read_record(benchmark):
    """Read the verdicts that are kept, a list of dict; empty if none are.

    UserError if the file is damaged.
    """
    path = benchmark / "claims" / FILE
    if not path.exists():
        return []
    try:
        return checked(json.loads(path.read_text("utf-8")))
    except ValueError as error:
        raise UserError(
            f"expected verdicts in JSON in {path}, got {error}: restore the "
            f"file, or remove it and run the claims again") from error


def checked(records):
    """Return records; ValueError unless each is as `entry` makes them, but for
    what may be lacking: the parts, the sentence and the source."""
    if not isinstance(records, list):
        raise ValueError(f"no list, but {str(records):.40}")
    for one in records:
        try:
            in_order(one), verdict_of(one), len(one["seeds"])
            "".join(one[key] for key in ("title", "mode", "verdict"))
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise ValueError(f"{error!r} in {str(one):.40}") from error
    return records


def in_order(kept):
    """Return what records are sorted by: L2 comes before L10."""
    return kept["name"][0], int(kept["name"][1:])


def verdict_of(kept):
    """Return the Verdict of a dict that `read_record` read, with its parts."""
    return Verdict(kept["verdict"], "",
                   [read_part(part) for part in kept.get("parts", ())])


def written(part):
    """Return a Part as a dict that JSON can hold, see `read_part`."""
    value, low, high, scale, notes, *_ = part.effect
    return part._asdict() | {"effect": {
        "value": number(value), "low": number(low), "high": number(high),
        "scale": scale,
        "notes": {name: number(value) for name, value in notes.items()}}}


def number(value):
    """Return a float; as text where JSON has no such number."""
    value = float(value)
    return value if math.isfinite(value) else str(value)


def read_part(kept):
    """Return the Part of a dict, see `written`."""
    effect = kept["effect"]
    return Part(**kept | {"effect": Effect(
        *(float(effect[name]) for name in ("value", "low", "high")),
        effect["scale"],
        {name: float(value) for name, value in effect["notes"].items()})})
