"""Files are written whole, as open as the user lets them, through links."""
import os

from unrolling.files import write_whole


def test_a_file_is_as_open_as_the_umask_lets_it(tmp_path):
    before = os.umask(0o077)
    try:
        write_whole(tmp_path / "private", b"content")
    finally:
        os.umask(before)
    write_whole(tmp_path / "public", b"content")
    private, public = (
        (tmp_path / name).stat().st_mode & 0o777
        for name in ("private", "public"))
    assert private == 0o600
    assert public == 0o666 & ~before


def test_a_link_is_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"content")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"content"
