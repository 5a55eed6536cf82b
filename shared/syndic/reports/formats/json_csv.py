"""The report as JSON and CSV: for programs, and for spreadsheets that must not take text for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, Final

from syndic.canonical import canonical_json
from syndic.reports.models import ReportContent

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four are full-width
_UNSEEN: Final = re.compile(r"[\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")

COLUMNS: Final = (
    "model_id", "model", "framework", "framework_version", "requirement", "title", "state", "if_in_force", "blocking",
    "applies_from", "legal_basis", "verified_on", "reason", "remedy", "evidence_shows", "evidence", "evaluated_at",
)  # fmt: skip


def report_json(content: ReportContent) -> bytes:
    """Everything in the report, as canonical JSON (RFC 8785): the form to hash and to compare."""
    return canonical_json({"id": content.id, **content.model_dump(mode="json")})


def report_csv(content: ReportContent) -> bytes:
    """One line a requirement, UTF-8 with byte order mark so that spreadsheets read it rightly."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(content):
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _rows(content: ReportContent) -> Iterator[dict[str, Any]]:
    for section in content.sections:
        for status in section.statuses:
            for item in status.requirements:
                yield {
                    "model_id": section.model.id,
                    "model": section.model.name,
                    "framework": status.framework_id,
                    "framework_version": status.framework_version,
                    "requirement": item.requirement_id,
                    "title": item.title,
                    "state": item.state.value,
                    "if_in_force": item.if_in_force.value,
                    "blocking": "yes" if item.blocking else "no",
                    "applies_from": item.applies_from.isoformat() if item.applies_from else "",
                    "legal_basis": item.legal_basis,
                    "verified_on": item.verified_on.isoformat(),
                    "reason": item.reason,
                    "remedy": item.remedy,
                    "evidence_shows": item.evidence_shows or "",
                    "evidence": "; ".join(f"{it.kind} {it.sha256}" for it in item.evidence),
                    "evaluated_at": status.evaluated_at.isoformat(),
                }


def _cell(value: str) -> str:
    """Text that no spreadsheet runs: a leading apostrophe before what starts like a formula.

    Spreadsheets skip blanks and what cannot be seen before they look for one, and may take a tab or a line break for
    the end of a cell.
    """
    unseen = _UNSEEN.match(value)
    lead = value[unseen.end() :] if unseen else value
    return f"'{value}" if lead.startswith(FORMULA_STARTS) or value.startswith(("\t", "\r", "\n")) else value
