"""Which lines of a captured object, and which rows of a line, are of some persons."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final

from syndic.erasure.cutting import CannotCutError, cut_payload
from syndic.erasure.identifiers import Matcher
from syndic.json_text import parse_json
from syndic.models import CaptureSchema, ColumnRole, ColumnSpec
from syndic.windows import level_text
from syndic.windows.parsing.payloads import Row, Wanted, encoded_rows, json_rows, text_rows
from syndic.windows.rejected import UnusableError

SIDES: Final = (("endpointInput", False), ("endpointOutput", True))
LABEL_IDS: Final = ("eventId", "inferenceId", "id", "correlationid")
CUT: Final = "rows of several persons in one call, in a shape that cannot be cut"
LABELS_TOGETHER: Final = "labels of several calls in one line"
NO_COLUMN: Final = "a CSV file without the column in its header"


@dataclass(slots=True)
class Going:
    """What goes of one object."""

    lines: list[int] = field(default_factory=list)
    cut: dict[int, tuple[int, ...]] = field(default_factory=dict)
    rows: int = 0
    unreadable: int = 0
    unresolved: dict[str, int] = field(default_factory=dict)

    def keep(self, reason: str, rows: int) -> None:
        """Note rows that would have to go and stay."""
        self.unresolved[reason] = self.unresolved.get(reason, 0) + rows


@dataclass(frozen=True, slots=True)
class Persons:
    """Whose rows are looked for.

    Attributes:
        schema: The columns of the model's traffic; None: only ids of calls are known.
        column: The column that names persons; None: the id of the call does.
        matcher: The persons.
        calls: Calls whose labels go: those found are added.
    """

    schema: CaptureSchema | None
    column: str | None
    matcher: Matcher
    calls: Matcher

    def sides(self) -> Iterator[tuple[str, Wanted, Sequence[ColumnSpec]]]:
        """The sides of a call that have columns."""
        schema = self.schema or CaptureSchema(inputs=())
        for (name, answers), specs in zip(SIDES, (schema.inputs, schema.outputs), strict=True):
            names = tuple(one.name for one in specs)
            kept = (ColumnRole.ROW_ID, ColumnRole.IGNORED)
            measured = frozenset(one.name for one in specs if one.role not in kept) or frozenset(names)
            yield name, Wanted(names, measured, answers=answers), specs


def find_lines(data: bytes, persons: Persons) -> Going:
    """What goes of a file of JSON lines: captured calls, ground truth, or plain objects."""
    going = Going()
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            value = parse_json(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            going.unreadable += 1
            continue
        try:
            if not isinstance(value, dict):
                going.unreadable += 1
            elif "captureData" in value:
                _call(value, number, persons, going)
            elif _is_theirs(value, persons, going):
                going.lines.append(number)
                going.rows += 1
        except UnusableError:
            going.unreadable += 1
    return going


def find_records(data: bytes, persons: Persons) -> Going:
    """What goes of a CSV file with a header: of a record all the lines that it stands on."""
    going = Going()
    lines = data.decode("utf-8-sig", "replace").split("\n")
    reader = csv.reader(line + "\n" for line in lines)
    try:
        header = [name.strip() for name in next(reader, [])]
        if persons.column is None or persons.column not in header:
            going.keep(NO_COLUMN, 1)
            return going
        place, before = header.index(persons.column), reader.line_num
        for record in reader:
            if len(record) > place and persons.matcher.matches(record[place]):
                going.lines += range(before + 1, reader.line_num + 1)
                going.rows += 1
            before = reader.line_num
    except csv.Error:
        going.unreadable += 1
    return going


def _call(record: Mapping[str, Any], number: int, persons: Persons, going: Going) -> None:
    captured, about = record["captureData"], record.get("eventMetadata") or {}
    ids = [str(about[name]) for name in ("inferenceId", "eventId") if about.get(name)]
    rows, places, own = _matched(captured, ids, persons)
    if not places:
        return
    if len(places) == rows:
        going.lines.append(number)
    else:
        try:
            cut_line(record, places, persons)
        except (CannotCutError, UnusableError):
            going.keep(CUT, len(places))
            return
        going.cut[number] = tuple(sorted(places))
    going.rows += len(places)
    several = [f"{one}#{place}" for one in ids for place in sorted(places)]
    together = [f"{one}#" for one in ids]  # a line of ground truth that holds labels of all rows of the call
    for text in (*(ids if rows == 1 else (*several, *together)), *own):
        persons.calls.add(text)


def _matched(
    captured: Mapping[str, Any], ids: Sequence[str], persons: Persons
) -> tuple[int, AbstractSet[int], list[str]]:
    """How many rows a call has, the places of those that match, and their own row ids."""
    rows, places, own_ids = 1, set[int](), dict[int, str]()
    for name, wanted, specs in persons.sides():
        side = captured.get(name)
        if not isinstance(side, dict) or not specs:
            continue
        found = rows_of(side, wanted)
        rows = max(rows, len(found))
        for place, spec in enumerate(specs):
            if spec.name == persons.column:
                places |= {at for at, row in enumerate(found) if persons.matcher.matches(row[place])}
            if spec.role is ColumnRole.ROW_ID:
                own_ids |= {at: text for at, row in enumerate(found) if (text := level_text(row[place])) is not None}
    if persons.column is None:
        if any(persons.matcher.matches(one) for one in ids):
            places = set(range(rows))
        else:
            places = {at for at in range(rows) for one in ids if persons.matcher.matches(f"{one}#{at}")}
    return rows, places, [own_ids[at] for at in sorted(places) if at in own_ids]


def rows_of(side: Mapping[str, Any], wanted: Wanted) -> list[Row]:
    """Rows of one captured side. Raises `UnusableError`."""
    data, encoding = str(side.get("data", "")), side.get("encoding")
    if encoding == "CSV":
        return text_rows(data, "text/plain", wanted)
    if encoding == "BASE64":
        return encoded_rows(data, side.get("observedContentType"), wanted)
    return json_rows(data, wanted)


def cut_line(record: Mapping[str, Any], places: AbstractSet[int], persons: Persons) -> bytes:
    """A call of several rows without some of them. Raises `CannotCutError` when the rest would not be what it was."""
    captured = dict(record["captureData"])
    for name, wanted, specs in persons.sides():
        side = captured.get(name)
        if not isinstance(side, dict):
            continue
        if not specs:
            raise CannotCutError("a side was captured of which no columns are known")
        before = rows_of(side, wanted)
        captured[name] = cut_payload(side, places, len(before))
        wanted_rows = [list(row) for at, row in enumerate(before) if at not in places]
        if [list(row) for row in rows_of(captured[name], wanted)] != wanted_rows:
            raise CannotCutError("the rest would read differently")
    cut = json.dumps({**record, "captureData": captured}, ensure_ascii=False, separators=(",", ":"))
    return cut.encode("utf-8", "surrogatepass")


def _is_theirs(value: Mapping[str, Any], persons: Persons, going: Going) -> bool:
    """Whether a line of ground truth, or a plain object, is of the persons or of one of their calls."""
    if persons.column is not None and persons.column in value and persons.matcher.matches(value[persons.column]):
        return True
    schema = persons.schema or CaptureSchema(inputs=())
    names = (*(one.name for one in schema.role(ColumnRole.ROW_ID)), *LABEL_IDS)
    about = value.get("eventMetadata") if "groundTruthData" in value else value
    ids = [about[name] for name in names if name in about] if isinstance(about, dict) else []
    if any(_named(one, persons) for one in ids):
        return True
    if "groundTruthData" in value and any(persons.calls.matches(f"{one}#") for one in ids):
        going.keep(LABELS_TOGETHER, 1)
    return False


def _named(text: Any, persons: Persons) -> bool:
    return persons.calls.matches(text) or (persons.column is None and persons.matcher.matches(text))
