"""Data sets of OpenML, from a folder or downloaded."""
import contextlib
import hashlib
import json

import numpy as np
import pooch

from unrolling.data import MissingFile

DESCRIPTION = "https://www.openml.org/api/v1/json/data/{}"


def load_openml(data_id, folder, name):
    """A numerical data set of OpenML: its columns by name.

    The file `name` is looked for in the folder, else downloaded there and
    checked against the MD5 that OpenML publishes in the description of the
    data set, which is kept beside it. A file that was copied there without
    the description is checked by its contents only.

    Parameters
    ----------
    data_id : int
    folder : Path
    name : str
        Of the ARFF file.

    Returns
    -------
    names, values : list of str, ndarray (n_rows, n_columns)
        MissingFile where the file is absent and cannot be downloaded, is not
        the original, or is no ARFF file of finite numbers.
    """
    path, described = folder / name, folder / f"openml_{data_id}.json"
    if not path.exists():
        download(data_id, path, described)
    try:
        content = path.read_bytes()
        if described.exists():
            expected = read_description(described)["md5_checksum"]
            got = hashlib.md5(content).hexdigest()
            if got != expected:
                raise ValueError(f"MD5 {got} instead of OpenML's {expected}")
        return parse_arff(content.decode())
    except (OSError, ValueError) as error:
        raise MissingFile(
            f"expected OpenML's data set {data_id} in {path}, got {error}: "
            f"delete {path} and {described.name}, and the next run downloads "
            "them again"
        ) from error


def download(data_id, path, described):
    """Fetch the description of a data set, then the file that it names.

    MissingFile, and neither is kept, where one cannot be had.
    """
    def fetch(url, target, known_hash=None):
        pooch.retrieve(url, known_hash=known_hash, fname=target.name,
                       path=target.parent, progressbar=False)

    try:
        described.unlink(missing_ok=True)
        fetch(DESCRIPTION.format(data_id), described)
        description = read_description(described)
        fetch(description["url"], path,
              f"md5:{description['md5_checksum']}")
    except Exception as error:  # of requests, of the disk, of the server
        with contextlib.suppress(OSError):
            described.unlink(missing_ok=True)
        raise MissingFile(
            f"expected {path}, or a network to download OpenML's data set "
            f"{data_id} from, got neither ({type(error).__name__}): copy the "
            "ARFF file there, or name its folder under data_paths, "
            f"{path.parent.name}, in config.yml"
        ) from error


def read_description(path):
    """What OpenML says of a data set: a dict with url and md5_checksum.

    ValueError where it does not say so.
    """
    content = json.loads(path.read_text())
    try:
        description = content["data_set_description"]
        return {key: description[key] for key in ("url", "md5_checksum")}
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"{error!r} where {path.name} shall describe it") from error


def parse_arff(text):
    """Names and values of a dense ARFF file of numbers; else ValueError."""
    names, lines = [], iter(text.splitlines())
    for line in lines:
        keyword = line.strip().lower()
        if keyword.startswith("@attribute"):
            names.append(line.split()[1].strip("'\""))
        elif keyword == "@data":
            break
    rows = [line for line in lines if line and not line.startswith("%")]
    if not rows or not names:
        raise ValueError(
            f"{len(names)} attributes and {len(rows)} rows of data")
    values = np.loadtxt(rows, delimiter=",", ndmin=2)
    if values.shape[1] != len(names) or not np.isfinite(values).all():
        raise ValueError(
            f"{len(names)} attributes, {values.shape[1]} columns, "
            f"{(~np.isfinite(values)).sum()} NaN or infinite entries")
    return names, values
