"""Blocks whose lines are alike are read by their bytes, and give what reading record by record gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndic.windows import Rejected, concatenate, parse_sagemaker
from syndic.windows.formats.sagemaker.alike_lines import AlikeReader
from tests.unit.windows.made import MIXED, content

TIME = "2026-03-02T09:00:00Z"


def line(
    number: int,
    given: str | None = None,
    answered: str = "yes,0.25",
    *,
    event: str | None = None,
    time: str = TIME,
    encoding: str = "CSV",
    **about: Any,
) -> bytes:
    """A line as SageMaker writes it."""
    given = f"{number}.5,north,{number}" if given is None else given
    sides = {
        name: {"observedContentType": "text/csv", "mode": mode, "data": data, "encoding": encoding}
        for name, mode, data in (("endpointInput", "INPUT", given), ("endpointOutput", "OUTPUT", answered))
    }
    metadata = {"eventId": f"e{number:04}" if event is None else event, "inferenceTime": time, **about}
    record = {"captureData": sides, "eventMetadata": metadata, "eventVersion": "0"}
    return json.dumps(record, ensure_ascii=False).encode()


OTHER: dict[str, Callable[[int], bytes]] = {
    "wide": lambda n: line(n, "1,north,2,3"),
    "narrow": lambda n: line(n, "1,north"),
    "shifted": lambda n: line(n, "1,north,2,yes", "0.25"),
    "commas in an id": lambda n: line(n, "1,north", event=f"e{n},x"),
    "missing": lambda n: line(n, ",,", ",0.5"),
    "no number": lambda n: line(n, "x,north,2"),
    "nan": lambda n: line(n, "NaN,north,-0"),
    "huge": lambda n: line(n, "123456789012345678901234567890,north,1e400"),
    "spaces": lambda n: line(n, " 1 , north ,2 ", " yes,0.5 "),
    "blank": lambda n: line(n, " ", "\t"),
    "letters": lambda n: line(n, "1,grün,2", "é,0.5"),
    "escapes": lambda n: line(n, '1,"a, b",2'),
    "backslash": lambda n: line(n, "1,a\\b,2"),
    "two rows": lambda n: line(n, "1,north,2\n3,south,4", "yes,1\nno,0"),
    "line break": lambda n: line(n, None, "yes,0.25\n"),
    "base64": lambda n: line(n, "MSxub3J0aCwy", "eWVzLDE=", encoding="BASE64"),
    "json": lambda n: line(n, "[1, 2, 3]", "[1, 2]", encoding="JSON"),
    "no id": lambda n: line(n, event=""),
    "repeated": lambda _: line(1),
    "inference id": lambda n: line(n, inferenceId=f"i{n}"),
    "another time": lambda n: line(n, time="2026-03-02T10:00:00+01:00"),
    "no time": lambda n: line(n, time="yesterday"),
    "another order": lambda n: json.dumps(dict(reversed(json.loads(line(n)).items()))).encode(),
    "no spaces": lambda n: json.dumps(json.loads(line(n)), separators=(",", ":")).encode(),
    "one side": lambda n: line(n).replace(b"endpointOutput", b"endpointAnswer"),
    "another byte": lambda n: line(n).replace(b'"0"', b'"1"'),
    "twice a key": lambda n: line(n).replace(b'"eventId"', b'"eventId": "x", "eventId"'),
    "bad escape": lambda n: line(n).replace(b'"INPUT"', b'"IN\\qUT"'),
    "bad bytes": lambda n: line(n).replace(b"north", b"n\xffrth"),
    "control": lambda n: line(n).replace(b"north", b"no\x01th"),
    "zero": lambda n: line(n).replace(b"north", b"no\0th"),
    "carriage return": lambda n: line(n) + b"\r",
    "nothing": lambda _: b"",
    "cut": lambda n: line(n)[:-9],
    "two in one": lambda n: line(n) + line(n + 5_000),
}  # fmt: skip


def outcome(data: bytes) -> tuple[dict[str, Any], list[Rejected]]:
    rejected: list[Rejected] = []
    pieces = list(parse_sagemaker([data], MIXED, source="s", on_reject=rejected.append))
    return content(concatenate(pieces)), rejected


def by_record(data: bytes) -> tuple[dict[str, Any], list[Rejected]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AlikeReader, "read", lambda *_: None)
        return outcome(data)


@pytest.mark.parametrize("every", [True, False], ids=["all", "one of 40"])
@pytest.mark.parametrize("kind", OTHER)
def test_lines_of_a_kind_are_the_records_that_they_hold(kind: str, *, every: bool) -> None:
    lines = [OTHER[kind](n) if every or n == 17 else line(n) for n in range(40)]
    data = b"\n".join(lines)
    assert outcome(data) == by_record(data)
    assert outcome(data + b"\n") == by_record(data + b"\n")


@given(st.lists(st.sampled_from([*OTHER, *["usual"] * 20]), min_size=1, max_size=30), st.booleans())
def test_any_mixture_is_the_records_that_it_holds(kinds: list[str], ended: bool) -> None:
    data = b"\n".join(OTHER.get(kind, line)(number) for number, kind in enumerate(kinds)) + b"\n" * ended
    assert outcome(data) == by_record(data)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 255)), min_size=1, max_size=3))
def test_no_other_byte_anywhere_goes_unnoticed(changes: list[tuple[int, int]]) -> None:
    data = bytearray(b"\n".join(line(number) for number in range(3)) + b"\n")
    for place, byte in changes:
        data[place % len(data)] = byte
    assert outcome(bytes(data)) == by_record(bytes(data))


@pytest.mark.parametrize("kind", ["usual", "missing", "letters", "line break", "no spaces", "inference id", "no id"])
def test_what_servers_write_all_day_never_becomes_records(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(OTHER.get(kind, line)(number) + b"\n" for number in range(200))
    expected = by_record(data)

    def decoded(*_: Any, **__: Any) -> Any:
        raise AssertionError("a line was decoded")

    monkeypatch.setattr("syndic.windows.formats.sagemaker.records.decode_chunk", decoded)
    assert outcome(data) == expected


def test_a_repeated_line_and_a_bad_time_are_told_with_their_places() -> None:
    lines = [line(number) for number in range(50)]
    lines[20], lines[30] = lines[3], line(30, time="2026-13-02T09:00:00Z")
    _, rejected = outcome(b"\n".join(lines) + b"\n")
    places = np.cumsum([0, *(len(one) + 1 for one in lines)])
    assert [(one.line, one.offset, one.reason.value) for one in rejected] == [
        (21, places[20], "duplicate"),
        (31, places[30], "time"),
    ]
