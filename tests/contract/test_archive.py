"""What every `Archive` promises."""

from __future__ import annotations

import urllib.request
import uuid

import pytest

from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.ports import Archive


@pytest.fixture
def below() -> str:
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 1000, "Grüße".encode()])
def test_an_object_is_read_as_it_was_written(archive: Archive, below: str, data: bytes) -> None:
    info = archive.put(f"{below}/a.bin", data, content_type="application/octet-stream")
    assert archive.get(f"{below}/a.bin") == data
    assert info.size == len(data)
    assert info.modified.utcoffset() is not None
    assert [one.etag for one in archive.list(below)] == [info.etag]


def test_what_is_not_there_is_not_found(archive: Archive, below: str) -> None:
    with pytest.raises(NotFoundError):
        archive.get(f"{below}/nothing")
    with pytest.raises(NotFoundError):
        archive.link(f"{below}/nothing")
    assert list(archive.list(below)) == []


def test_an_object_is_replaced_and_its_etag_changes(archive: Archive, below: str) -> None:
    first = archive.put(f"{below}/a", b"1", content_type="text/plain")
    second = archive.put(f"{below}/a", b"2", content_type="text/plain")
    assert archive.get(f"{below}/a") == b"2"
    assert first.etag != second.etag


def test_a_locked_object_is_written_once(archive: Archive, below: str) -> None:
    first = archive.put(f"{below}/a", b"1", content_type="text/plain", locked=True)
    with pytest.raises(ConflictError):
        archive.put(f"{below}/a", b"2", content_type="text/plain", locked=True)
    again = archive.put(f"{below}/a", b"1", content_type="text/plain", locked=True)
    assert archive.get(f"{below}/a") == b"1"
    assert again.etag == first.etag


def test_objects_are_listed_by_name(archive: Archive, below: str) -> None:
    for name in ("b/2", "a/1", "b/10", "c"):
        archive.put(f"{below}/{name}", b"x", content_type="text/plain")
    names = [one.uri.split(f"{below}/", 1)[1] for one in archive.list(f"{below}/")]
    assert names == ["a/1", "b/10", "b/2", "c"]
    assert [one.uri.rsplit("/", 1)[1] for one in archive.list(f"{below}/b/1")] == ["10"]


def test_a_link_names_the_object(archive: Archive, below: str) -> None:
    archive.put(f"{below}/report.html", b"x", content_type="text/html")
    link = archive.link(f"{below}/report.html", seconds=60)
    assert link.startswith("http")
    assert "report.html" in link


@pytest.mark.parametrize("name", ["", "/a", "a//b", "../a", "a/..", "a/./b", "a/", "x" * 1025])
def test_names_that_could_leave_their_place_are_refused(archive: Archive, name: str) -> None:
    with pytest.raises(InvalidInputError):
        archive.put(name, b"x", content_type="text/plain")
    with pytest.raises(InvalidInputError):
        archive.get(name)


@pytest.mark.emulator
@pytest.mark.parametrize("archive", ["s3", "azurite"], indirect=True)
def test_a_link_downloads_the_object_and_never_shows_it(archive: Archive, below: str) -> None:
    archive.put(f'{below}/re port".html', b"<script>", content_type="text/html")
    with urllib.request.urlopen(archive.link(f'{below}/re port".html'), timeout=5) as answer:  # noqa: S310
        assert answer.read() == b"<script>"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="re_port_.html"'
