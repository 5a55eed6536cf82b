"""The files of SageMaker's batch transform jobs as a `Format`: an input and its answers, line by line.

A job that joins its answers to their inputs (`JoinSource`) writes files that hold both; then there are no inputs among
the files. Else the files of a pair are read side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from syndic.models import CaptureSchema
from syndic.models.jobs import ANSWERS
from syndic.ports import CaptureReader, ObjectInfo
from syndic.windows.formats.protocol import Glimpse
from syndic.windows.formats.sagemaker.paired_files import FilePair, paired
from syndic.windows.formats.sagemaker.records import CallReader, Record
from syndic.windows.formats.sagemaker.transform_lines import (
    FileLines,
    Line,
    call_of,
    in_groups,
    is_header,
    joined_call,
    side_by_side,
)
from syndic.windows.parsing.deduplication import Seen
from syndic.windows.partitions import Part
from syndic.windows.rejected import Account, OnReject, Reason, Rejected
from syndic.windows.window import Window

LINE_BY_LINE = "set AssembleWith to Line and SplitType to Line, or JoinSource to Input"


class TransformFiles:
    """A pair of files is a part by itself."""

    mark = b'"captureData"'  # of the vendor's other format: such a file alone is a table

    def recognises(self, line: bytes) -> bool:  # noqa: ARG002
        """No: a line of such a file is one of any table."""
        return False

    def glimpse(self, line: bytes) -> tuple[Glimpse, ...]:  # noqa: ARG002
        """Nothing."""
        return ()

    def parse(
        self, blocks: Iterable[bytes], schema: CaptureSchema, *, source: str, on_reject: OnReject | None = None
    ) -> Iterator[Window]:
        """Not read alone: a file does not say which other one it goes with."""
        raise NotImplementedError(f"{source} is read with its answers")

    def read(
        self,
        objects: Iterable[ObjectInfo],
        schema: CaptureSchema,
        *,
        captures: CaptureReader,
        on_reject: OnReject | None = None,
        root: str | None = None,  # noqa: ARG002 - answers lie in their files
        own: frozenset[str] | None = None,
    ) -> Iterator[Window]:
        """Rows of some pairs, one after the other."""
        pairs = paired(objects)
        joined = bool(pairs) and all(pair.asked is None for pair in pairs)
        seen = Seen()
        for pair in pairs:
            if own is None or any(item.uri in own for item in pair.files):
                yield from _Pair(pair, schema, captures, on_reject, seen).windows(joined=joined)

    def whole_calls(self, lines: bytes) -> bytes:
        """All: rows are put side by side before they are read."""
        return lines

    def parts(self, objects: Sequence[ObjectInfo]) -> tuple[Part, ...]:
        """One part for each pair."""
        return tuple(Part(pair.files) for pair in paired(objects))


class _Pair:
    """Reads one pair of files."""

    def __init__(
        self, pair: FilePair, schema: CaptureSchema, captures: CaptureReader, on_reject: OnReject | None, seen: Seen
    ) -> None:
        self._files = pair.files
        self._account = Account(on_reject, objects=len(pair.files))
        self._reader = CallReader(schema, self._files[-1].uri, self._account, seen)
        self._asked = None if pair.asked is None else FileLines(pair.asked, captures)
        self._answered = None if pair.answered is None else FileLines(pair.answered, captures)
        named = self._files[-1].uri.partition("://")[2].partition("/")[2]
        self._name = named.removesuffix(ANSWERS) if pair.answered is not None else named

    def windows(self, *, joined: bool) -> Iterator[Window]:
        """Its rows in pieces. One of which the lines do not agree gives none, and says how many records that are."""
        if joined and self._answered is not None:
            yield from self._rows(self._of_one(self._answered))
        elif self._asked is None or self._answered is None:
            self._refuse("no answers to this input were found" if self._answered is None else "its input was not found")
        else:
            yield from self._of_two(self._asked, self._answered)
        if self._reader.builder.has_news:
            yield self._reader.builder.take()

    def _of_two(self, asked: FileLines, answered: FileLines) -> Iterator[Window]:
        lines, answers = asked.last(), answered.last()
        damage = asked.damage or answered.damage
        if damage is not None:
            self._account.reject_all(damage, max(lines, answers, 1))
            return
        builder = self._reader.builder
        given = is_header(asked.first(), builder.inputs.names)
        said = is_header(answered.first(), builder.outputs.names)
        if lines - given != answers - said:
            self._refuse(f"{lines - given} lines were asked and {answers - said} answered: {LINE_BY_LINE}")
            return
        calls = self._calls(asked, answered, skipped=given - said)
        yield from self._rows(call for call in calls if not (said and call[0].number == 1))

    def _calls(self, asked: FileLines, answered: FileLines, *, skipped: int) -> Iterator[tuple[Line, Record]]:
        for line in side_by_side(asked, answered, skipped=skipped):
            if line.given is not None and line.answer is not None:
                yield line.answer, call_of(self._name, line)
                continue
            long = asked.too_long.get(line.number + skipped) or answered.too_long.get(line.number)
            blank = Rejected(self._files[-1].uri, line.number, 0, Reason.EMPTY, "a line, or its answer, is blank")
            self._account.reject(long or blank)

    def _of_one(self, answered: FileLines) -> Iterator[tuple[Line, Record]]:
        builder = self._reader.builder
        for line in answered:
            if line.number == 1 and is_header(line.text, (*builder.inputs.names, *builder.outputs.names)):
                continue
            try:
                yield line, joined_call(self._name, line, builder.inputs.width)
            except ValueError as error:
                self._reader.reject(line.number, line.offset, Reason.JSON, str(error))
        for noted in (*answered.too_long.values(), *([answered.damage] if answered.damage else [])):
            self._account.reject(noted)

    def _rows(self, calls: Iterator[tuple[Line, Record]]) -> Iterator[Window]:
        for records, places in in_groups(calls):
            self._reader.take(records, places)
            if self._reader.builder.full:
                yield self._reader.builder.take()

    def _refuse(self, why: str) -> None:
        """None of the records can be used: their number is that of the longest file's lines."""
        files = [one for one in (self._asked, self._answered) if one is not None]
        records = max(chain((file.last() for file in files), (1,)))
        self._account.reject_all(Rejected(self._files[0].uri, 1, 0, Reason.ROWS, why), records)
