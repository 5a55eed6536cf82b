"""The report as JSON and CSV: for programs, and for spreadsheets that must not take text for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from syndic.assessment import State
from syndic.canonical import canonical_json
from syndic.reports.models import ReportContent
from syndic.spreadsheet import safe_cell

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
        writer.writerow([safe_cell(row[column]) for column in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _rows(content: ReportContent) -> Iterator[dict[str, Any]]:
    for section in content.sections:
        for status in section.statuses:
            if status.scope is not None and not status.scope.applies:
                state = State.INSUFFICIENT_EVIDENCE if status.scope.applies is None else State.NOT_APPLICABLE
                yield dict.fromkeys(COLUMNS, "") | {
                    "model_id": section.model.id,
                    "model": section.model.name,
                    "framework": status.framework_id,
                    "framework_version": status.framework_version,
                    "title": f"Scope of {status.framework_title}",
                    "state": state.value,
                    "reason": status.scope.reason,
                    "evidence": "; ".join(f"{it.kind} {it.sha256}" for it in status.scope.evidence),
                    "evaluated_at": status.evaluated_at.isoformat(),
                }
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
