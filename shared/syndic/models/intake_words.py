"""What reading a window gave, in words and against the share of rejected records that a policy allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from syndic.models import Intake

_DUPLICATE: Final = "duplicate"
_TRUNCATED: Final = "truncated"
_FIRST: Final = 3


def records_line(intake: Intake | None, *, reasons: bool = True) -> str | None:
    """Records read, used and rejected with the first reasons; None when all were used whole."""
    if intake is None or not (intake.rejected or intake.partial):
        return None
    said = f"{_records(intake.read)} read, {intake.used} used, {intake.rejected} rejected"
    if intake.rejected and reasons:
        said += f": {_reasons(intake, intake.reasons)}"
    if intake.partial:
        said += f"; {intake.partial} of those used were read on one side only"
        said += f": {_reasons(intake, intake.partial_reasons)}" if reasons else ""
    return said


def with_records(sentence: str, intake: Intake | None, *, tolerance: float = 1.0) -> str:
    """A sentence, and after it what was read, unless all records were used whole.

    Over the tolerance the sentence has the reasons already: see `beyond_tolerance`.
    """
    line = records_line(intake, reasons=beyond_tolerance(intake, tolerance) is None)
    return sentence if line is None else f"{sentence.rstrip('.')}. {line[0].upper()}{line[1:]}."


def records_facts(intake: Intake | None) -> JsonValue:
    """The same as numbers, for evidence."""
    if intake is None:
        return None
    numbers: dict[str, JsonValue] = {
        "read": intake.read,
        "used": intake.used,
        "rejected": intake.rejected,
        "partial": intake.partial,
        "reasons": dict(intake.reasons),
    }
    return numbers


def intake_notes(intake: Intake | None) -> tuple[str, ...]:
    """What else is to be said of how rows were read: names that were guessed, inputs that outputs repeat."""
    if intake is None:
        return ()
    notes = [intake.naming] if intake.naming else []
    if intake.nested:
        notes.append(f"lists or objects, which are not compared: {', '.join(intake.nested)}")
    if intake.answered:
        notes.append(
            f"an input has the name of an output ({', '.join(intake.answered)}): the output is examined, and the input "
            "is set aside"
        )
    same = [name for name, differing in intake.echoes.items() if not differing]
    if same:
        notes.append(f"the outputs repeat inputs ({', '.join(same)}): the inputs are compared, not their repetition")
    notes += [
        f"an output has the name of the input {name} and another value in {differing} rows: the input is compared; to "
        "have the output compared instead, give the input the role ignored in the schema"
        for name, differing in intake.echoes.items()
        if differing
    ]
    return tuple(notes)


def lost_records(intake: Intake) -> int:
    """Records of which something is missing. Repeated deliveries are rejected, but nothing of them is lost."""
    return intake.rejected - intake.reasons.get(_DUPLICATE, 0) + intake.partial


def lost_share(intake: Intake) -> float:
    """The share of records of which something is missing, 0 to 1.

    Nobody knows how many records a file had that is cut or damaged: when the share of such files is larger, it counts.
    """
    read = intake.read - intake.reasons.get(_DUPLICATE, 0)
    records = lost_records(intake) / read if read else 0.0
    files = min(1.0, intake.reasons.get(_TRUNCATED, 0) / intake.objects) if intake.objects else 0.0
    return max(records, files)


def beyond_tolerance(intake: Intake | None, tolerance: float) -> str | None:
    """Why the rows that were read need not speak for the window; None when few enough records are lost."""
    if intake is None or lost_share(intake) <= tolerance:
        return None
    lost, read = lost_records(intake), intake.read - intake.reasons.get(_DUPLICATE, 0)
    lacking = Counter(intake.partial_reasons) + Counter(intake.reasons)
    del lacking[_DUPLICATE]
    reasons = _reasons(intake, lacking)
    if lost <= tolerance * read:
        cut = intake.reasons[_TRUNCATED]
        return f"{cut} of {intake.objects} files are cut or damaged, and how many records they had is not known"
    what = "were rejected" if not intake.partial else "were rejected or could be read on one side only"
    return f"{lost} of {_records(read)} ({lost / read:.1%}) {what}, over the {tolerance:.1%} allowed: {reasons}"


def _reasons(intake: Intake, counts: Mapping[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    said = []
    for reason, count in ranked[:_FIRST]:
        example = intake.examples.get(reason)
        said.append(f"{reason.replace('_', ' ')} {count}" + (f" ({example})" if example else ""))
    more = sum(count for _, count in ranked[_FIRST:])
    return ", ".join([*said, *([f"other reasons {more}"] if more else [])])


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"
