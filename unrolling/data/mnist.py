"""MNIST's images and labels, from a folder or from the usual mirrors."""
import gzip
import hashlib
import zlib
from pathlib import Path

import numpy as np
import pooch

from unrolling.data import MissingFile

SHA256 = {
    "train-images-idx3-ubyte":
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "t10k-images-idx3-ubyte":
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
}
"""Checksums of the decompressed files, which do not depend on who zipped."""

LABELS_SHA256 = {
    "train-labels-idx1-ubyte":
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-labels-idx1-ubyte":
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}

MIRRORS = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
]


def load_mnist_images(folder):
    """The 60000 training and 10000 test images, uint8 (70000, 28, 28).

    MissingFile where a file is absent and cannot be downloaded, or is not
    the original.
    """
    return load(folder, SHA256, n_axes=3)


def load_mnist_labels(folder):
    """The labels of `load_mnist_images`, uint8 (70000,); errors as there."""
    return load(folder, LABELS_SHA256, n_axes=1)


def load(folder, files, n_axes):
    """The arrays of files, name -> SHA-256, one after the other."""
    return np.concatenate([
        parse_idx(read(Path(folder), name, expected), n_axes)
        for name, expected in files.items()
    ])


def read(folder, name, expected):
    """Content of name or name.gz in the folder, downloaded if need be.

    MissingFile if its SHA-256 is another one than expected.
    """
    path = next((p for p in (folder / name, folder / f"{name}.gz")
                 if p.exists()), None)
    if path is None:
        path = download(folder, f"{name}.gz")
    try:
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix else content
    except (OSError, EOFError, zlib.error) as error:
        raise MissingFile(
            f"expected a readable {path}, got {error}: delete it, and the "
            "next run downloads it again"
        ) from error
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != expected:
        raise MissingFile(
            f"expected SHA-256 {expected} for the content of {path}, got "
            f"{sha256}: delete it, and the next run downloads it again"
        )
    return content


def download(folder, name):
    """Fetch a file from the first mirror that has it; returns its path."""
    errors = []
    for mirror in MIRRORS:
        try:
            return Path(pooch.retrieve(
                mirror + name, known_hash=None, fname=name, path=folder,
                progressbar=False,
            ))
        except Exception as error:  # of requests, of the disk, of the server
            errors.append(f"{mirror}: {type(error).__name__}")
    raise MissingFile(
        f"expected MNIST's {name} in {folder} or a network to download it "
        f"from, got neither ({'; '.join(errors)}): copy the original files "
        "there, or name their folder under data_paths, mnist, in config.yml"
    )


def parse_idx(content, n_axes):
    """An IDX file of unsigned bytes in so many dimensions as an ndarray."""
    shape = np.frombuffer(content, dtype=">u4", count=n_axes, offset=4)
    return np.frombuffer(
        content, dtype=np.uint8, offset=4 * (1 + n_axes)).reshape(shape)
