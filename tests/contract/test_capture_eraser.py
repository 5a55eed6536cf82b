"""What every `CaptureEraser` promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.ports import CaptureEraser
from tests.contract import clouds
from tests.contract.subjects import CaptureSubject

Made = tuple[CaptureSubject, CaptureEraser]


def test_an_object_is_written_anew_only_while_it_is_the_one_that_was_looked_at(erasing: Made) -> None:
    captures, eraser = erasing
    uri = f"{captures.root}/capture/car-loan/a.jsonl"
    captures.write(uri, b"one\ntwo\n")
    seen = eraser.look_at(uri)
    assert seen is not None
    assert (seen.uri, seen.size) == (uri, 8)
    written = eraser.rewrite(seen, b"two\n")
    assert captures.reader.table(uri) == b"two\n"
    assert eraser.look_at(uri) == written
    for verb in (lambda: eraser.rewrite(seen, b""), lambda: eraser.remove(seen)):
        with pytest.raises(ConflictError, match="replaced"):
            verb()
    assert captures.reader.table(uri) == b"two\n"


def test_removing_is_once_and_what_has_gone_is_not_written(erasing: Made) -> None:
    captures, eraser = erasing
    uri = f"{captures.root}/capture/car-loan/b.jsonl"
    captures.write(uri, b"one\n")
    seen = eraser.look_at(uri)
    assert seen is not None
    eraser.remove(seen)
    eraser.remove(seen)
    assert eraser.look_at(uri) is None
    with pytest.raises(NotFoundError):
        eraser.rewrite(seen, b"two\n")
    assert eraser.look_at(uri) is None


@pytest.mark.emulator
def test_type_and_metadata_stay_and_other_buckets_are_not_touched(aws: str, bucket: str) -> None:
    from syndic.adapters.aws import S3CaptureEraser

    client = clouds.client("s3", aws)
    client.put_object(
        Bucket=bucket, Key="kept.jsonl", Body=b"1\n", ContentType="application/x-ndjson", Metadata={"team": "credit"}
    )
    eraser = S3CaptureEraser(client, buckets=[bucket])
    seen = eraser.look_at(f"s3://{bucket}/kept.jsonl")
    assert seen is not None
    eraser.rewrite(seen, b"2\n")
    head = client.head_object(Bucket=bucket, Key="kept.jsonl")
    assert (head["ContentType"], head["Metadata"]) == ("application/x-ndjson", {"team": "credit"})
    for verb in _refused(S3CaptureEraser(client, buckets=["other-*"]), seen):
        with pytest.raises(InvalidInputError, match="may be changed"):
            verb()


def _refused(eraser: CaptureEraser, seen: object) -> list[Callable[[], object]]:
    item = replace(seen)  # type: ignore[type-var]
    return [lambda: eraser.look_at(item.uri), lambda: eraser.rewrite(item, b""), lambda: eraser.remove(item)]
