"""The files of a batch transform job as calls: line i of an input was answered in line i of its answers.

That holds where a job splits its input by lines and puts a line end behind each answer
(https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform.html). Both files are therefore counted before a row of
them is used: a file whose answers are more or fewer than its lines would give each row the answer of another.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, Literal, NamedTuple

import msgspec

from syndic.ports import CaptureReader, ObjectInfo
from syndic.windows.formats.sagemaker.envelope import Metadata, Payload, Record, Sides
from syndic.windows.parsing.lines import LineReader
from syndic.windows.rejected import Reason, Rejected

AT_ONCE: Final = 2_000
KEPT: Final = 8 * 1024 * 1024
"""Bytes of a file that is fetched once, though it is counted before it is read."""

_STAMP: Final = re.compile(r",([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}),(\d{4}-\d\d-\d\dT[^,]*)$")
"""Inference id and time of the job's start, the last columns where a job was asked for ids (`GenerateInferenceId`)."""


class Line(NamedTuple):
    """A line that is not blank: its number from 1, its byte offset, its text."""

    number: int
    offset: int
    text: str


class FileLines:
    """The lines of one file, and what is wrong with it. A large one is read anew each time it is asked."""

    def __init__(self, item: ObjectInfo, captures: CaptureReader) -> None:
        self.item, self._captures = item, captures
        self._kept: list[bytes] | None = None
        self.damage: Rejected | None = None
        self.too_long: dict[int, Rejected] = {}

    def last(self) -> int:
        """The number of the last line that is not blank; 0: there is none."""
        last = 0
        for chunk in self._chunks():
            text = chunk.data.rstrip()
            if text:
                last = chunk.line + text.count(b"\n")
        return max([last, *self.too_long])

    def first(self) -> str:
        """The first line that is not blank."""
        return next(iter(self), Line(0, 0, "")).text

    def __iter__(self) -> Iterator[Line]:
        """Lines in order, blank ones and those over the limit left out."""
        for chunk in self._chunks():
            for number, offset, data in chunk.lines():
                yield Line(number, offset, data.decode("utf-8", "replace").rstrip("\r"))

    def _chunks(self) -> Iterator[Any]:
        if self._kept is None and self.item.size <= KEPT and not self.item.uri.endswith(".gz"):
            self._kept = list(self._captures.open(self.item))
        blocks = self._captures.open(self.item) if self._kept is None else self._kept
        return LineReader(blocks, reject=self._note).chunks()

    def _note(self, line: int, offset: int, reason: Reason, detail: str) -> None:
        noted = Rejected(self.item.uri, line, offset, reason, detail)
        if reason is Reason.TOO_LONG:
            self.too_long[line] = noted
        else:
            self.damage = noted


class Asked(NamedTuple):
    """A line of the input and the one of its answer; None: blank, or over the limit."""

    number: int
    given: Line | None
    answer: Line | None


def side_by_side(given: FileLines, answers: FileLines, *, skipped: int) -> Iterator[Asked]:
    """Lines of both files by number; `skipped`: so many lines more the input has at its beginning."""
    one, other = iter(given), iter(answers)
    left, right = next(one, None), next(other, None)
    while left is not None or right is not None:
        numbers = [line.number - by for line, by in ((left, skipped), (right, 0)) if line is not None]
        number = min(numbers)
        here = left if left is not None and left.number - skipped == number else None
        there = right if right is not None and right.number == number else None
        if number > 0:
            yield Asked(number, here, there)
        left = next(one, None) if here is not None else left
        right = next(other, None) if there is not None else right


def call_of(name: str, asked: Asked) -> Record:
    """The call of a line: its id is the one that the job gave it, else the file's name and the line's place from 0."""
    given, answer = asked.given, asked.answer
    assert given is not None and answer is not None  # noqa: S101, PT018 - the others are rejected
    text, stamp = without_stamp(answer.text)
    return _record(_payload(given.text), _payload(text), stamp or (f"{name}#{asked.number - 1}", None))


def joined_call(name: str, line: Line, inputs: int) -> Record:
    """The call of a line that holds its input too: so many columns of it first, or what JSON holds beside the answer.

    Raises `ValueError` when it is JSON that holds no answer.
    """
    text, stamp = without_stamp(line.text)
    mark = stamp or (f"{name}#{line.number - 1}", None)
    if not text.startswith("{"):
        given_text, answer_text = _cut(text, inputs)
        return _record(Payload(given_text, "CSV"), Payload(answer_text, "CSV"), mark)
    try:
        value: dict[str, Any] = msgspec.json.decode(text.encode())
    except msgspec.DecodeError as error:
        raise ValueError("the line is not one JSON value") from error
    if "SageMakerOutput" not in value:
        raise ValueError("the object holds no SageMakerOutput")
    answer = value.pop("SageMakerOutput")
    given = value.pop("SageMakerInput", value)
    return _record(_payload(_text(given)), _payload(_text(answer)), mark)


def without_stamp(text: str) -> tuple[str, tuple[str, str | None] | None]:
    """An answer without the id and the time that the job appended, and these; None where it appended none."""
    if text.startswith("{"):
        if '"SageMakerInferenceId"' not in text:
            return text, None
        try:
            value: dict[str, Any] = msgspec.json.decode(text.encode())
        except msgspec.DecodeError:
            return text, None
        identity, at = value.pop("SageMakerInferenceId", None), value.pop("SageMakerInferenceTime", None)
        if not isinstance(identity, str):
            return text, None
        return _text(value), (identity, at if isinstance(at, str) else None)
    found = _STAMP.search(text)
    return (text, None) if found is None else (text[: found.start()], (found.group(1), found.group(2)))


def is_header(text: str, names: Sequence[str]) -> bool:
    """Whether a line says the columns' names."""
    return bool(names) and not text.startswith("{") and [cell.strip() for cell in _cells(text)] == list(names)


class Located(NamedTuple):
    """Where some lines stand."""

    lines: Sequence[int]
    offsets: Sequence[int]

    def text(self, record: int) -> bytes:  # noqa: ARG002
        """Nothing: it is asked for only where a payload is in base64."""
        return b""


def in_groups(calls: Iterator[tuple[Line, Record]]) -> Iterator[tuple[list[Record], Located]]:
    """Calls in groups of bounded size, with the places of their lines."""
    while some := list(islice(calls, AT_ONCE)):
        lines = [line for line, _ in some]
        yield [call for _, call in some], Located([line.number for line in lines], [line.offset for line in lines])


def _record(given: Payload, answer: Payload, mark: tuple[str, str | None]) -> Record:
    return Record(Sides(given, answer), Metadata(inferenceId=mark[0], inferenceTime=mark[1]))


def _payload(text: str) -> Payload:
    encoding: Literal["CSV", "JSON"] = "JSON" if text[:1] in {"{", "["} else "CSV"
    return Payload(text, encoding)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else str(value)


def _cut(text: str, inputs: int) -> tuple[str, str]:
    if '"' not in text:
        parts = text.split(",", inputs)
        return ",".join(parts[:inputs]), ",".join(parts[inputs:])
    cells = _cells(text)
    return _joined(cells[:inputs]), _joined(cells[inputs:])


def _cells(text: str) -> list[str]:
    try:
        return next(csv.reader([text]), [])
    except csv.Error:  # a line break within, or a cell of over 128 KiB: no row has this width, so it is refused
        return [text]


def _joined(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
