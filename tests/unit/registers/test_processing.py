"""The record of processing: what Art. 30 asks for is missed by name, and a complete record counts until its review."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndic.assessment import ORGANISATION
from syndic.errors import ConflictError
from syndic.models import CaptureSchema, Cloud, ColumnKind, ColumnRole, ColumnSpec, EvidenceStatus, RegisteredModel
from syndic.registers.processing.evidence import processing_evidence
from syndic.registers.processing.export import as_csv, as_json, as_markdown
from syndic.registers.processing.gaps import gaps_of
from syndic.registers.processing.known import known_of
from syndic.registers.processing.models import Processing, ProcessingContents, ProcessingRole, ProcessingState
from syndic.registers.processing.register import ProcessingChange, changed, confirm

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
FULL: dict[str, Any] = {
    "controller": "Acme Bank AG, Ring 1, Vienna, privacy@acme.example",
    "purposes": "to decide on applications for consumer credit",
    "data_subjects": ("applicants",),
    "data_categories": ("income", "existing loans"),
    "recipients": ("credit bureaus",),
    "no_transfers": True,
    "retention": "deleted seven years after the contract ended",
    "security": "encryption at rest and in transit, access by role only",
    "legal_basis": "contract",
    "basis_note": "needed before entering into the contract the person asks for",
    "special_categories": False,
}


def record(role: ProcessingRole = ProcessingRole.CONTROLLER, **contents: Any) -> Processing:
    return Processing(
        id="p1", title="Credit decisions", owner="dora@example.org", opened_by="dora", opened_at=NOW, changed_by="dora",
        changed_at=NOW, role=role, model_ids=("credit",),
        contents=ProcessingContents.model_validate({**FULL, **contents}),
    )  # fmt: skip


def fields(processing: Processing, *answers: dict[str, Any]) -> list[str]:
    return [one.field for one in gaps_of(processing, answers)]


def test_a_whole_record_lacks_nothing() -> None:
    assert fields(record()) == []


@pytest.mark.parametrize(
    ("change", "field", "basis"),
    [
        ({"controller": ""}, "controller", "30(1)(a)"),
        ({"controller": "tbd"}, "controller", "30(1)(a)"),
        ({"purposes": "x"}, "purposes", "30(1)(b)"),
        ({"data_subjects": ()}, "data_subjects", "30(1)(c)"),
        ({"data_categories": ()}, "data_categories", "30(1)(c)"),
        ({"recipients": ()}, "recipients", "30(1)(d)"),
        ({"no_recipients": True}, "recipients", "30(1)(d)"),
        ({"no_transfers": False}, "transfers", "30(1)(e)"),
        ({"transfers": ({"to": "US", "safeguard": "clauses"},)}, "transfers", "30(1)(e)"),
        ({"retention": "TBD"}, "retention", "30(1)(f)"),
        ({"security": "none"}, "security", "30(1)(g)"),
        ({"legal_basis": None}, "legal_basis", "6(1)"),
        ({"basis_note": ""}, "basis_note", "6(1)"),
        ({"special_categories": None}, "special_categories", "9(1)"),
        ({"special_categories": True}, "special_condition", "9(2)"),
        ({"special_condition": "a"}, "special_condition", "9(2)"),
        ({"special_categories": True, "special_condition": "g"}, "special_note", "9(2)"),
        ({"legal_basis": "consent", "consent_obtained": "by a box that is ticked"}, "consent_withdrawn", "7(3)"),
    ],
)
def test_what_is_missing_is_named_with_its_law(change: dict[str, Any], field: str, basis: str) -> None:
    found = {one.field: one.legal_basis for one in gaps_of(record(**change))}
    assert basis in found[field]


def test_a_processor_is_asked_for_other_things() -> None:
    own = {"on_behalf_of": ("Acme Bank AG",), "operations": "scoring of applications on their behalf"}
    bare = ProcessingContents(controller=FULL["controller"], no_transfers=True, security=FULL["security"])
    processor = record(ProcessingRole.PROCESSOR).model_copy(update={"contents": bare})
    assert fields(processor) == ["on_behalf_of", "operations"]
    assert fields(processor.model_copy(update={"contents": bare.model_copy(update=own)})) == []


def test_what_a_questionnaire_says_otherwise_is_no_complete_record() -> None:
    assert fields(record(), {"basis": "contract", "special_categories": False}) == []
    assert fields(record(), {"basis": "consent"}) == ["legal_basis"]
    assert fields(record(), {}, {"special_categories": True}) == ["special_categories"]


def test_only_what_is_complete_can_be_confirmed_and_a_change_undoes_it() -> None:
    with pytest.raises(ConflictError, match=r"\(1\): purposes"):
        confirm(record(purposes=""), gaps_of(record(purposes="")), actor="dora", now=NOW)
    done = confirm(record(), (), actor="dora", now=NOW)
    assert confirm(done, (), actor="dora", now=NOW + timedelta(hours=1)) == done
    assert (done.state, str(done.review_due)) == (ProcessingState.CONFIRMED, "2027-03-04")
    same = changed(done, ProcessingChange.model_validate({"contents": {"purposes": FULL["purposes"]}}))
    assert same == done
    other = changed(done, ProcessingChange.model_validate({"contents": {"purposes": ""}}))
    assert other.state is ProcessingState.DRAFT
    assert other.contents.controller == FULL["controller"], "what is left out stays"


def test_the_record_stands_for_the_document_only_while_it_is_whole() -> None:
    assert processing_evidence("credit", [record()], NOW) == (), "nobody confirmed: another record may count"
    done = confirm(record(), (), actor="dora", now=NOW)
    (good,) = processing_evidence("credit", [done], NOW + timedelta(days=9))
    assert (good.kind, good.status) == ("document.processing_record", EvidenceStatus.PASSING)
    assert good.facts["transfers"] == 0
    assert good.produced_at == NOW, "made again each day it is as old as its confirmation"
    assert good.expires_at == datetime(2027, 3, 5, tzinfo=UTC)
    (bad,) = processing_evidence(
        "credit", [changed(done, ProcessingChange(contents=ProcessingContents(purposes="")))], NOW
    )
    assert (bad.status, bad.facts["missing"]) == (EvidenceStatus.FAILING, ["p1 purposes"])
    assert processing_evidence("credit", [done, record(purposes="")], NOW)[0].status is EvidenceStatus.FAILING
    sent = record(no_transfers=False, transfers=({"to": "US", "safeguard": "clauses"},))
    assert processing_evidence("credit", [done, sent], NOW)[0].facts["transfers"] == 1
    assert processing_evidence(ORGANISATION, [done], NOW) == ()


def test_what_is_known_is_offered_with_its_source_and_no_row_id() -> None:
    schema = CaptureSchema(
        inputs=(
            ColumnSpec(name="customer", kind=ColumnKind.CATEGORICAL, role=ColumnRole.ROW_ID),
            ColumnSpec(name="income", kind=ColumnKind.NUMERIC),
        ),
        outputs=(ColumnSpec(name="granted", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PREDICTION),),
    )
    model = RegisteredModel(
        id="credit", name="credit", cloud=Cloud.AWS, registered_at=NOW, intended_purpose="to decide on credit",
        capture_schema=schema,
    )  # fmt: skip
    found = known_of(model, {"basis": "contract", "capture_retention_days": 90}, {"encrypted": True})
    assert {one.field: one.value for one in found} == {
        "purposes": "to decide on credit",
        "data_categories": ["income"],
        "legal_basis": "contract",
        "retention": "captured traffic is deleted after 90 days",
        "security": "captured traffic is encrypted where it lies",
    }
    assert all("credit" in one.source for one in found)


def test_every_format_says_what_is_missing_and_no_cell_is_a_formula() -> None:
    hostile = record(purposes="", recipients=("=cmd()",)).model_copy(update={"title": "=1+1 *bold* | x"})
    markdown = as_markdown([hostile], now=NOW)
    assert "**Purposes: MISSING** (Regulation (EU) 2016/679, Art. 30(1)(b))" in markdown
    assert "## =1+1 \\*bold\\* \\| x" in markdown
    (header, row) = list(csv.reader(io.StringIO(as_csv([hostile]))))
    cells = dict(zip(header, row, strict=True))
    assert cells["title"].startswith("'=")
    assert cells["Categories of recipients"] == "'=cmd()"
    assert cells["missing"] == "purposes (30(1)(b))"
    assert '"field": "purposes"' in as_json([hostile], now=NOW)
