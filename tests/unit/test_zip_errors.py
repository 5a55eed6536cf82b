"""A damaged zip file is one error of ours, whoever reads it and however it was packed."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from syndic.adapters.inference.linear import read_skops
from syndic.audit.public.export import is_export, unzipped
from syndic.cli.law.local_evidence import _documents
from syndic.errors import SyndicError
from syndic.reports.evidence.verify import read_package

PACKED = {"stored": 0, "deflated": 8, "bzip2": 12, "lzma": 14}
NAMES = ("manifest.json", "schema.json", "models/m/evidence/a.json", "../../etc/passwd", "C:\\x", "é\u202e.json")


def packed(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in NAMES:
            archive.writestr(name, b'{"a": "' + b"x" * 200 + b'"}')
    return out.getvalue()


@pytest.mark.parametrize("how", PACKED)
def test_whatever_was_done_to_it_there_is_one_error_of_ours(how: str, tmp_path: Path) -> None:
    pick, whole, place = random.Random(9), packed(PACKED[how]), tmp_path / "x.zip"  # noqa: S311 - choices of a test

    def documents(data: bytes) -> object:
        place.write_bytes(data)
        return list(_documents(place))

    readers: tuple[Callable[[bytes], object], ...] = (
        is_export, read_skops, documents,
        lambda data: unzipped(data, where="x"), lambda data: read_package(data, where="x"),
    )  # fmt: skip
    refused = 0
    for _ in range(250):
        broken = bytearray(whole)
        for _ in range(pick.randrange(1, 4)):
            broken[pick.randrange(len(broken))] = pick.randrange(256)
        for read in readers:
            try:
                read(bytes(broken))
            except SyndicError:
                refused += 1
    assert refused > 500
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]
