"""The cache of weights: exact, or absent, whatever happens to its files."""
import errno
import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from unrolling.weights import Weights, digest, load_weights, save_weights

KEY = digest("a key")
NAME = f"{KEY}.safetensors"
INFO = {"train_time_s": 1.25, "train_loss": 0.1 + 0.2}


@pytest.fixture
def weights():
    generator = torch.Generator().manual_seed(0)

    def random(*shape):
        return torch.randn(shape, dtype=torch.float64, generator=generator)

    return Weights(
        [{"step": random(), "W": random(3, 4)} for _ in range(11)], INFO)


def check_equal(loaded, weights):
    assert loaded.info == weights.info
    assert len(loaded.layers) == len(weights.layers)
    for p, q in zip(loaded.layers, weights.layers, strict=True):
        assert p.keys() == q.keys()
        for name in p:
            assert p[name].dtype == q[name].dtype
            assert torch.equal(p[name], q[name])


def test_round_trip_is_exact(tmp_path, weights):
    """More than 10 layers, so that their order is not that of names."""
    save_weights(tmp_path / "new" / "folder", KEY, weights)
    check_equal(load_weights(tmp_path / "new" / "folder", KEY), weights)
    assert os.listdir(tmp_path / "new" / "folder") == [NAME]


@pytest.mark.parametrize("layers", [
    [],
    [{}, {"a.b": torch.ones(2)}],
    [{"half": torch.ones(2, dtype=torch.float16),
      "special": torch.tensor([np.nan, np.inf, -0.0, 5e-324])}],
    [{"view": torch.arange(12.0).reshape(3, 4).T[1:]}],
])
def test_round_trip_of_unusual_tensors(tmp_path, layers):
    save_weights(tmp_path, KEY, Weights(layers, {}))
    loaded = load_weights(tmp_path, KEY)
    assert digest(*(v for p in loaded.layers for v in p.values())) == (
        digest(*(v for p in layers for v in p.values())))
    assert [list(p) for p in loaded.layers] == [list(p) for p in layers]


def test_shared_tensors(tmp_path):
    """Layers that share one tensor, as after a copy."""
    step = torch.tensor(0.5)
    weights = Weights([{"step": step}, {"step": step}], {})
    save_weights(tmp_path, KEY, weights)
    check_equal(load_weights(tmp_path, KEY), weights)


def test_missing(tmp_path):
    assert load_weights(tmp_path, KEY) is None
    assert load_weights(tmp_path / "no folder", KEY) is None


def check_reported_and_repaired(folder, weights):
    with pytest.warns(UserWarning, match=f"expected sound weights in .*{NAME}"
                      "(.|\n)*training again; the file will be replaced"):
        assert load_weights(folder, KEY) is None
    save_weights(folder, KEY, weights)
    check_equal(load_weights(folder, KEY), weights)


@pytest.mark.parametrize("content", [
    b"", b"\0", b"garbage" * 1000, b"\xff" * 100, b"{}",
    (2).to_bytes(8, "little") + b"{}",
])
def test_garbage(tmp_path, weights, content):
    (tmp_path / NAME).write_bytes(content)
    check_reported_and_repaired(tmp_path, weights)


def test_truncated_anywhere(tmp_path, weights):
    save_weights(tmp_path, KEY, weights)
    content = (tmp_path / NAME).read_bytes()
    for size in [*range(0, len(content), 97), len(content) - 1]:
        (tmp_path / NAME).write_bytes(content[:size])
        check_reported_and_repaired(tmp_path, weights)


@pytest.mark.parametrize("mask", [0x01, 0x04, 0x0F, 0x80])
def test_a_flipped_byte_anywhere(tmp_path, weights, mask):
    """Never other weights, never other numbers about them: the file is
    refused, or says the same as before."""
    weights = Weights(weights.layers[:2], INFO)
    save_weights(tmp_path, KEY, weights)
    content = bytearray((tmp_path / NAME).read_bytes())
    for i in range(len(content)):
        content[i] ^= mask
        (tmp_path / NAME).write_bytes(content)
        with pytest.MonkeyPatch.context() as patch:
            messages = []
            patch.setattr("warnings.warn", lambda m, **_: messages.append(m))  # noqa: B023
            loaded = load_weights(tmp_path, KEY)
        if loaded is None:
            assert NAME in messages[0]
        else:
            check_equal(loaded, weights)
        content[i] ^= mask


def test_a_file_where_the_folder_should_be(tmp_path, weights):
    folder = tmp_path / "weights"
    folder.write_text("a file")
    with pytest.warns(UserWarning, match="expected a writable weights cache "
                      r"in (.|\n)*, got (.|\n)*free some space or change"):
        save_weights(folder, KEY, weights)
    assert folder.read_text() == "a file"
    assert load_weights(folder, KEY) is None


@pytest.mark.parametrize("function", ["replace", "fdopen"])
def test_full_disk(tmp_path, weights, monkeypatch, function):
    """Nothing half-written is left, and an earlier entry stays."""
    save_weights(tmp_path, KEY, weights)
    save = getattr(os, function)

    def full(*arguments, **keywords):
        if function == "fdopen":
            save(*arguments, **keywords).close()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, function, full)
    other = Weights(weights.layers[:1], {})
    with pytest.warns(UserWarning, match="No space left on device"):
        save_weights(tmp_path, KEY, other)
    assert os.listdir(tmp_path) == [NAME]
    check_equal(load_weights(tmp_path, KEY), weights)


def test_killed_between_write_and_rename(tmp_path, weights, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            save_weights(tmp_path, KEY, weights)
    assert load_weights(tmp_path, KEY) is None
    save_weights(tmp_path, KEY, weights)
    check_equal(load_weights(tmp_path, KEY), weights)


WRITER = """
import sys, time, warnings
import torch
from unrolling.weights import Weights, load_weights, save_weights

warnings.simplefilter("error")
folder, key, mine = sys.argv[1], sys.argv[2], float(sys.argv[3])
end, seen = time.monotonic() + 1, set()
while time.monotonic() < end:
    save_weights(folder, key, Weights(
        [{"W": torch.full((300, 300), mine)}], {"value": mine}))
    found = load_weights(folder, key)
    W = found.layers[0]["W"]
    assert W.shape == (300, 300) and (W == found.info["value"]).all()
    seen.add(found.info["value"])
print(sorted(seen))
"""


def test_two_processes_on_one_key(tmp_path):
    """Each reads what one of them wrote, whole."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, tmp_path, KEY, value],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for value in ("1", "2")
    ]
    for process in processes:
        output, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        assert set(eval(output)) <= {1.0, 2.0}
    assert os.listdir(tmp_path) == [NAME]


def test_digest_tells_apart():
    ones = np.ones((2, 3))
    parts = [
        (ones,), (ones.astype(np.float32),), (ones.reshape(3, 2),),
        (ones.ravel(),), (0 * ones,), (np.arange(6.0).reshape(2, 3),),
        (np.arange(6.0).reshape(3, 2).T,), (ones, ones), (ones, None), (),
        (None,), ("",), ("a",), ("a", "b"), ("b", "a"), ("ab",), ("a|b",),
        (1,), (1.0,), ("1",), (True,), ([1, 2],), ([2, 1],), ([[1], 2],),
        ({"a": 1},), ({"a": 2},), (0.1,), (np.nextafter(0.1, 1),),
    ]
    assert len({digest(*p) for p in parts}) == len(parts)


def test_digest_tells_the_same():
    rng = np.random.default_rng(0)
    array = rng.standard_normal((4, 5))
    same = [array, array.copy(), np.asfortranarray(array), array[::1],
            torch.tensor(array), torch.tensor(array, requires_grad=True),
            torch.tensor(array.T.copy()).T]
    assert len({digest(a) for a in same}) == 1
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_what_a_killed_process_left_is_removed(tmp_path):
    """By the next save under its key, once no process can be writing it; a
    user's own files stay."""
    left, fresh, notes = (tmp_path / file for file in (
        f".{NAME}.unrolling-1.tmp", f".{NAME}.unrolling-2.tmp",
        f"{KEY}.notes.tmp"))
    for file in (left, fresh, notes):
        file.write_bytes(b"half")
    for old in (left, notes):
        os.utime(old, (0, 0))
    save_weights(tmp_path, KEY, Weights([{"step": torch.tensor(1.0)}], {}))
    assert not left.exists()
    assert fresh.exists()
    assert notes.exists()
