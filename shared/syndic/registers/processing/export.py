"""The record of processing as a file, in the words of Art. 30: Markdown, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from syndic.models import to_json
from syndic.registers.processing.gaps import gaps_of
from syndic.registers.processing.models import Processing
from syndic.spreadsheet import safe_cell

FIELDS: Final[tuple[tuple[str, str], ...]] = (
    ("controller", "Controller or processor"),
    ("joint_controllers", "Joint controllers"),
    ("representative", "Representative"),
    ("protection_officer", "Data protection officer"),
    ("on_behalf_of", "On behalf of"),
    ("operations", "Categories of processing"),
    ("purposes", "Purposes"),
    ("data_subjects", "Categories of data subjects"),
    ("data_categories", "Categories of personal data"),
    ("recipients", "Categories of recipients"),
    ("transfers", "Transfers to third countries, safeguards"),
    ("retention", "Time limits for erasure"),
    ("security", "Security measures"),
    ("legal_basis", "Legal basis (Art. 6)"),
    ("basis_note", "Why it holds"),
    ("special_condition", "Condition for special categories (Art. 9(2))"),
    ("special_note", "Why that holds"),
    ("consent_obtained", "How consent is obtained"),
    ("consent_withdrawn", "How consent is withdrawn"),
)
MISSING: Final = "MISSING"


def as_markdown(records: Sequence[Processing], *, now: datetime) -> str:
    """One section an entry; what is missing is said where it belongs."""
    lines = ["# Record of processing activities", "", f"Regulation (EU) 2016/679, Art. 30. State: {now:%Y-%m-%d}.", ""]
    for one in records:
        lines += [f"## {_inline(one.title)}", "", f"- Role: {one.role.value}; state: {one.state.value}"]
        lines += [f"- Models: {', '.join(one.model_ids) or 'none'}; kept by {_inline(one.owner)}"]
        confirmed = f"{one.confirmed_at:%Y-%m-%d}" if one.confirmed_at else "never"
        lines += [f"- Confirmed: {confirmed}; review due: {one.review_due or 'not set'}"]
        gaps = {gap.field: gap for gap in gaps_of(one)}
        for name, title in FIELDS:
            text = _said(one, name)
            if name in gaps:
                lines.append(f"- **{title}: {MISSING}** ({gaps[name].legal_basis}): {gaps[name].what}")
            elif text:
                lines.append(f"- {title}: {_inline(text)}")
        lines.append("")
    return "\n".join(lines)


def as_csv(records: Sequence[Processing]) -> str:
    """One row an entry, for spreadsheets: no cell is taken for a formula."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["id", "title", "role", "state", "models", "owner", "confirmed", "review due",
                   *(title for _, title in FIELDS), "missing"])  # fmt: skip
    for one in records:
        gaps = "; ".join(f"{gap.field} ({gap.legal_basis.rpartition('Art. ')[2]})" for gap in gaps_of(one))
        cells = [
            one.id, one.title, one.role.value, one.state.value, " ".join(one.model_ids), one.owner,
            f"{one.confirmed_at:%Y-%m-%d}" if one.confirmed_at else "", str(one.review_due or ""),
            *(_said(one, name) for name, _ in FIELDS), gaps,
        ]  # fmt: skip
        rows.writerow([safe_cell(cell) for cell in cells])
    return text.getvalue()


def as_json(records: Sequence[Processing], *, now: datetime) -> str:
    """Entries with what is missing of each."""
    entries = [{**to_json(one), "missing": [to_json(gap) for gap in gaps_of(one)]} for one in records]
    return json.dumps({"state": now.isoformat(), "records": entries}, ensure_ascii=False, indent=2)


def _said(processing: Processing, name: str) -> str:
    contents = processing.contents
    if name == "transfers":
        if contents.no_transfers:
            return "none"
        return "; ".join(f"{one.to} ({one.safeguard})" for one in contents.transfers)
    if name == "recipients" and contents.no_recipients:
        return "none"
    value = getattr(contents, name)
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _inline(text: str) -> str:
    """Text in one line in which nothing is taken for Markdown."""
    plain = " ".join(text.split())
    for sign in "\\`*_[]<>#|":
        plain = plain.replace(sign, f"\\{sign}")
    return plain
