"""What every `CaptureReader` promises."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from syndic.errors import InvalidInputError, NotFoundError, TooLargeError
from syndic.models import CALENDAR, TimeWindow, WindowLength
from syndic.models.capture_paths import hour_path
from syndic.ports import ObjectInfo
from tests.contract.subjects import CaptureSubject

MARCH = datetime(2019, 3, 1, tzinfo=UTC)
BLOCK = 8 * 1024 * 1024


def put(captures: CaptureSubject, hour: datetime, name: str = "0.jsonl", *, variant: str = "AllTraffic") -> str:
    uri = f"{captures.capture.uri}/car-loan/{variant}{captures.collection}/{hour_path(hour)}/{name}"
    captures.write(uri, f"{hour} {name}\n".encode())
    return uri


def uris(items) -> list[str]:
    return [item.uri for item in items]


@pytest.mark.parametrize("length", CALENDAR)
def test_a_window_holds_the_files_of_its_hours_and_no_other(captures: CaptureSubject, length: WindowLength) -> None:
    window = length.around(MARCH + timedelta(days=11, hours=7))
    hour = timedelta(hours=1)
    inside = [window.start, window.start + (window.end - window.start) // 2, window.end - hour]
    expected = sorted({put(captures, at) for at in inside})
    put(captures, window.start - hour)
    put(captures, window.end)
    found = list(captures.reader.objects(captures.endpoint, captures.capture, window))
    assert uris(found) == expected
    assert all(item.size > 0 and item.etag and item.modified.utcoffset() is not None for item in found)


def test_files_of_every_variant_are_found_even_of_one_that_is_no_more(captures: CaptureSubject) -> None:
    expected = [put(captures, MARCH, variant="blue"), put(captures, MARCH, variant="green")]
    window = WindowLength.DAY.around(MARCH)
    assert uris(captures.reader.objects(captures.endpoint, captures.capture, window)) == expected


def test_files_of_known_variants_are_those_of_no_other(captures: CaptureSubject) -> None:
    blue, green = put(captures, MARCH, variant="blue"), put(captures, MARCH, variant="green")
    window = WindowLength.DAY.around(MARCH)
    for known, expected in (((), []), (("green",), [green]), (("green", "blue", "never"), [blue, green])):
        found = captures.reader.objects(captures.endpoint, captures.capture, window, variants=known)
        assert uris(found) == expected


def test_an_endpoint_whose_name_begins_alike_is_another(captures: CaptureSubject) -> None:
    captures.write(f"{captures.capture.uri}/car-loan-2/AllTraffic{captures.collection}/2019/03/01/00/0.jsonl", b"x")
    window = WindowLength.MONTH.around(MARCH)
    assert uris(captures.reader.objects(captures.endpoint, captures.capture, window)) == []
    part = captures.reader.part(captures.endpoint, captures.capture, after=None, calls=1)
    assert (part.files, part.after) == ((), None)


def test_more_files_than_one_listing_page_are_all_found(captures: CaptureSubject) -> None:
    expected = sorted(put(captures, MARCH, f"{i:04d}.jsonl") for i in range(1003))
    window = WindowLength.HOUR.around(MARCH)
    assert uris(captures.reader.objects(captures.endpoint, captures.capture, window)) == expected


def test_labels_are_found_by_the_hour_in_which_they_were_collected(captures: CaptureSubject) -> None:
    root = captures.capture.labels_uri
    for hour in (MARCH, MARCH + timedelta(days=40)):
        captures.write(f"{root}/{hour_path(hour)}/labels.jsonl", b"x")
    window = WindowLength.MONTH.around(MARCH)
    assert uris(captures.reader.labels(captures.capture, window)) == [f"{root}/2019/03/01/00/labels.jsonl"]
    none = captures.capture.model_copy(update={"labels_uri": None})
    assert uris(captures.reader.labels(none, window)) == []


@pytest.mark.parametrize("folder", ["2019/03/31/23", "2019/04/01", "2019/04/01/00", "2019/04/01/05", "2019/04"])
def test_labels_may_lie_in_the_folder_of_a_day_or_a_month(captures: CaptureSubject, folder: str) -> None:
    uri = f"{captures.capture.labels_uri}/{folder}/labels.csv"
    captures.write(uri, b"x")
    window = TimeWindow(start=datetime(2019, 3, 31, 22, tzinfo=UTC), end=datetime(2019, 4, 1, 5, tzinfo=UTC))
    assert uris(captures.reader.labels(captures.capture, window)) == ([] if folder.endswith("05") else [uri])


def test_all_files_are_listed_in_parts_that_go_on_where_one_ended(captures: CaptureSubject) -> None:
    expected = sorted(put(captures, MARCH, f"{i:04d}.jsonl") for i in range(1003))
    first = captures.reader.part(captures.endpoint, captures.capture, after=None, calls=1)
    assert uris(first.files) == expected[:1000]
    assert first.after is not None
    second = captures.reader.part(captures.endpoint, captures.capture, after=first.after, calls=5)
    assert (uris(second.files), second.after) == (expected[1000:], None)


def test_recent_files_are_those_from_an_hours_folder_on(captures: CaptureSubject) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [now - timedelta(hours=back) for back in (0, 1, 26, 72)]
    files = {hour: put(captures, hour, variant="blue") for hour in hours}
    put(captures, now, variant="green")

    def found(hour: datetime, *variants: str, span: str = "hour") -> set[str]:
        where = {"hour": hour, "variants": variants, "span": span}
        return set(uris(captures.reader.recent(captures.endpoint, captures.capture, **where)))

    since = found(now - timedelta(hours=26), "blue")
    assert {files[hour] for hour in hours[:3]} <= since
    assert files[hours[3]] not in since
    assert len(found(hours[1], "blue", "green")) - len(found(hours[1], "blue")) == 1
    assert found(now, "never") == set()
    assert {files[now]} <= found(now, "blue", span="month") <= set(files.values())


@pytest.mark.parametrize("size", [0, 1, BLOCK, BLOCK + 1, 2 * BLOCK + 5])
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_is_read_in_blocks_from_any_offset(captures: CaptureSubject, size: int, packed: bool) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    uri = f"{captures.capture.uri}/car-loan/v{captures.collection}/2019/03/01/00/a.jsonl" + (".gz" if packed else "")
    captures.write(uri, gzip.compress(data, 1) if packed else data)
    (item,) = captures.reader.objects(captures.endpoint, captures.capture, WindowLength.HOUR.around(MARCH))
    for offset in sorted({0, 1, size // 2, size, size + 1}):
        blocks = list(captures.reader.open(item, offset=offset))
        assert b"".join(blocks) == data[offset:]
        assert all(len(block) <= BLOCK for block in blocks)


def test_several_compressed_members_are_one_file(captures: CaptureSubject) -> None:
    uri = f"{captures.root}/a.gz"
    packed = gzip.compress(b"one\n") + gzip.compress(b"two\n")
    captures.write(uri, packed)
    item = ObjectInfo(uri, len(packed), "", MARCH)
    assert b"".join(captures.reader.open(item)) == b"one\ntwo\n"


@pytest.mark.parametrize("damage", ["cut", "scrambled", "no gzip"])
def test_damaged_compression_is_said_after_the_blocks_before_it(captures: CaptureSubject, damage: str) -> None:
    data = gzip.compress(bytes(200_000), 0)
    data = {"cut": data[:-20], "scrambled": data[:60] + b"\xff" * 60 + data[120:], "no gzip": b"plain text"}[damage]
    uri = f"{captures.root}/{damage.replace(' ', '-')}.gz"
    captures.write(uri, data)
    with pytest.raises(InvalidInputError, match="compressed data") as caught:
        list(captures.reader.open(ObjectInfo(uri, len(data), "", MARCH)))
    assert uri in str(caught.value)


def test_a_whole_small_object_is_read(captures: CaptureSubject) -> None:
    captures.write(f"{captures.root}/baseline.csv", b"a,b\n1,2\n")
    assert captures.reader.table(f"{captures.root}/baseline.csv", limit=8) == b"a,b\n1,2\n"
    with pytest.raises(TooLargeError, match="8 bytes, at most 7"):
        captures.reader.table(f"{captures.root}/baseline.csv", limit=7)


def test_an_object_that_is_gone_is_not_found(captures: CaptureSubject) -> None:
    with pytest.raises(NotFoundError):
        captures.reader.table(f"{captures.root}/nothing")
    with pytest.raises(NotFoundError):
        list(captures.reader.open(ObjectInfo(f"{captures.root}/nothing", 5, "", MARCH)))


def test_an_empty_place_holds_nothing(captures: CaptureSubject) -> None:
    window = TimeWindow(start=MARCH, end=MARCH)
    assert uris(captures.reader.objects(captures.endpoint, captures.capture, window)) == []


def test_what_is_written_is_found_where_it_was_put(captures: CaptureSubject) -> None:
    if captures.writer is None:
        return  # Azure's traffic is not sent to the API
    writer = captures.writer
    uri = f"{writer.place}/traffic/scoring/7/{hour_path(MARCH)}/0.jsonl"
    told = captures.capture.model_copy(update={"uri": f"{writer.place}/traffic"})
    endpoint = captures.endpoint.model_copy(update={"name": "scoring"})
    for _ in range(2):
        writer.put(uri, b"{}\n")
        (item,) = captures.reader.objects(endpoint, told, WindowLength.HOUR.around(MARCH))
        assert (item.uri, item.size) == (uri, 3)
        assert b"".join(captures.reader.open(item)) == b"{}\n"
    assert "/2019/03/01/00/1.jsonl" in writer.upload_link(uri.replace("/0.jsonl", "/1.jsonl"), size=3)
