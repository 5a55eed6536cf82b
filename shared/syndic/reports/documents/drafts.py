"""Drafts of documents the law asks for: filled where something is on record, "to be completed" where not.

The outline follows Annex IV, Annex V and Art. 27 of Regulation (EU) 2024/1689 and Art. 35(7) of Regulation (EU)
2016/679, in own words. A draft decides nothing; it saves typing and shows what is still open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from syndic.canonical import canonical_json
from syndic.models import Evidence
from syndic.reports.content.view import View
from syndic.reports.content.wording import day, minute
from syndic.reports.formats import html
from syndic.reports.formats.pdf import typeset
from syndic.reports.models import FOUND, ModelSection, ReportContent, ReportKind

OPEN: Final = "to be completed"
NOTE: Final = (
    "Draft. Fields are filled from the records named beside them. Everything marked “to be completed” is open; "
    "what is filled has to be checked by the person who signs."
)

Field = tuple[str, str, str]
"""Label, value or `OPEN`, and the record it was taken from."""


def form_json(content: ReportContent) -> bytes:
    """The draft as canonical JSON."""
    return canonical_json(form_of(content))


def form_pdf(content: ReportContent) -> bytes:
    """The draft as PDF/A and PDF/UA."""
    return typeset("form.typ", form_of(content), at=int(content.as_of.timestamp()))


def form_html(content: ReportContent) -> bytes:
    """The draft as HTML."""
    form = form_of(content)
    body = [f"<h1>{html.text(form['title'])}</h1>", f"<p>{html.text(form['note'])}</p>"]
    for section in form["sections"]:
        body.append(f"<h2>{html.text(section['title'])}</h2>")
        body.append(html.table(("Field", "Content", "Taken from"), section["fields"]))
    return html.page(form["title"], body)


def form_of(content: ReportContent) -> View:
    """The draft as plain values."""
    (section,) = content.sections
    outlines: dict[ReportKind, Callable[[ModelSection], list[tuple[str, list[Field]]]]] = {
        ReportKind.ANNEX_IV: _annex_iv,
        ReportKind.EU_DECLARATION: _declaration,
        ReportKind.FRIA: _fria,
        ReportKind.DPIA: _dpia,
    }
    outline = outlines[content.request.kind](section)
    fields = [field for _, found in outline for field in found]
    done = sum(value != OPEN for _, value, _ in fields)
    return {
        "title": content.title,
        "subject": section.model.name,
        "id": content.id,
        "as_of": minute(content.as_of),
        "note": NOTE,
        "filled": f"{done} of {len(fields)} fields are filled from records.",
        "open": OPEN,
        "sections": [{"title": title, "fields": [list(field) for field in found]} for title, found in outline],
    }


def _field(label: str, value: object, source: str) -> Field:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
    return (label, text, source) if text.strip() else (label, OPEN, "")


def _said(label: str, section: ModelSection, *kinds: str) -> Field:
    """What the newest evidence of some kinds says."""
    found = [item for item in section.evidence if item.kind in kinds]
    text = "; ".join(f"{item.summary} ({item.kind} of {day(item.produced_at)}, {item.status.value})" for item in found)
    return _field(label, text, ", ".join(item.source for item in found))


def _fact(section: ModelSection, kind: str, name: str) -> object:
    evidence = _evidence(section.evidence, kind)
    return None if evidence is None else evidence.facts.get(name)


def _evidence(evidence: Iterable[Evidence], kind: str) -> Evidence | None:
    return next((item for item in evidence if item.kind == kind), None)


def _open(*labels: str) -> list[Field]:
    return [(label, OPEN, "") for label in labels]


def _general(section: ModelSection) -> list[Field]:
    model = section.model
    record = f"model/{model.id}"
    version = next((status.model_version for status in section.statuses), None)
    return [
        _field("Name of the system", model.name, record),
        _field("Version", version, "endpoint"),
        _field("Intended purpose", model.intended_purpose, record),
        _field("Contact", model.owner, record),
        _field("Where it runs", model.endpoint.resource_id if model.endpoint else None, record),
    ]


def _annex_iv(section: ModelSection) -> list[tuple[str, list[Field]]]:
    model = section.model
    record = f"model/{model.id}"
    variants = model.endpoint.variants if model.endpoint else ()
    hardware = sorted({it.instance_type for it in variants if it.instance_type})
    ratios = [
        f"{it.outcome}: {it.attribute} {it.group}: ratio {it.value:.3f}, {it.verdict.replace('_', ' ')}"
        for it in section.fairness
        if it.value is not None
    ]
    schema = model.capture_schema
    columns = [column.name for column in schema.inputs] if schema else []
    return [
        (
            "1. General description",
            [
                *_general(section),
                _field("Hardware it runs on", hardware, record),
                *_open("How it interacts with other hardware or software", "Forms in which it is placed on the market"),
                _document("Instructions for use", section, "instructions_for_use"),
            ],
        ),
        (
            "2. Elements and development",
            [
                _field("Input columns", columns, record),
                _field("Data sources", model.data_sources, record),
                _document("Data sheet", section, "data_sheet"),
                *_open("Design specifications and key choices", "Pre-determined changes"),
                _field("Human oversight measures", model.oversight_plan, record),
                _said("Validation and testing", section, "quality.performance", "quality.run"),
                _field("Potentially discriminatory impact", ratios, "bias report"),
                _signed("Test reports dated and signed", section, "technical_documentation"),
                _signed("Cybersecurity measures", section, "robustness_tests"),
            ],
        ),
        (
            "3. Monitoring, functioning and control",
            [
                _field("Known limitations", model.limitations, record),
                _said("Accuracy measured", section, "quality.performance"),
                _said("Fairness by group", section, "bias.run"),
                _said("Input data against the reference", section, "drift.run"),
                *_open("Foreseeable unintended outcomes and sources of risk"),
            ],
        ),
        ("4. Appropriateness of the metrics", _open("Why these metrics and thresholds fit the purpose")),
        ("5. Risk management", [_document("Risk management file", section, "risk_management_file")]),
        ("6. Changes through the lifecycle", _open("Relevant changes made by the provider")),
        ("7. Standards applied", _open("Harmonised standards, or the solutions adopted where there are none")),
        ("8. Declaration of conformity", [_document("Copy of the EU declaration", section, "eu_declaration")]),
        ("9. Post-market monitoring", [_document("Post-market monitoring plan", section, "post_market_plan")]),
    ]


def _document(label: str, section: ModelSection, topic: str) -> Field:
    evidence = _evidence(section.evidence, f"document.{topic}")
    return _field(
        label, evidence and f"{evidence.summary}, SHA-256 {evidence.sha256}", evidence.source if evidence else ""
    )


def _signed(label: str, section: ModelSection, topic: str) -> Field:
    item = next((it for it in section.attestations if it.topic == topic and it.withdrawn_at is None), None)
    text = item and f"{item.decision.value} by {item.signer} as {item.role} on {day(item.signed_at)}: {item.statement}"
    return _field(label, text, f"attestation/{item.id}" if item else "")


def _declaration(section: ModelSection) -> list[tuple[str, list[Field]]]:
    return [
        ("System", _general(section)),
        ("Provider", _open("Name and address of the provider or authorised representative")),
        (
            "Statement",
            [
                *_open("Statement of sole responsibility", "Statement of conformity with Regulation (EU) 2024/1689"),
                _data_protection(section),
            ],
        ),
        ("References", _open("Harmonised standards or common specifications", "Notified body and certificate, if any")),
        ("Signature", _open("Place and date of issue", "Name and function of the signatory", "Signature")),
    ]


def _data_protection(section: ModelSection) -> Field:
    personal = _fact(section, "classification.processing", "personal_data")
    if personal is None:
        return ("Statement on Regulation (EU) 2016/679", OPEN, "")
    text = (
        "processes personal data: a statement is required" if personal else "processes no personal data: not required"
    )
    return ("Statement on Regulation (EU) 2016/679", text, "classification.processing")


def _fria(section: ModelSection) -> list[tuple[str, list[Field]]]:
    points = _fact(section, "classification.ai_act", "points") or _fact(section, "classification.ai_act", "area")
    area = ", ".join(map(str, points)) if isinstance(points, list) else points
    groups = sorted({f"{it.attribute}: {it.group}" for it in section.fairness})
    harmed = [
        f"{it.attribute} {it.group} against {it.reference or 'the rest'}: ratio {it.value:.3f} "
        f"({it.low if it.low is None else round(it.low, 3)} to {it.high if it.high is None else round(it.high, 3)}), "
        f"{it.outcome}: {it.verdict.replace('_', ' ')}"
        for it in section.fairness
        if it.value is not None and it.verdict in FOUND
    ]
    model = section.model
    return [
        ("System", [*_general(section), _field("Annex III point", area, "classification.ai_act")]),
        (
            "(a) Processes in which the system is used",
            [
                _field("Intended purpose", model.intended_purpose, f"model/{model.id}"),
                *_open("The deployer's processes"),
            ],
        ),
        ("(b) Period and frequency of use", [*_open("Period"), _said("Observed use", section, "capture.config")]),
        (
            "(c) Categories of persons and groups affected",
            [_field("Groups examined", groups, "bias report"), *_open("Further groups")],
        ),
        (
            "(d) Specific risks of harm",
            [
                _field("Adverse impact or another disparity indicated for", harmed, "bias report"),
                *_open("Further risks of harm"),
            ],
        ),
        (
            "(e) Human oversight",
            [
                _field("Measures", model.oversight_plan, f"model/{model.id}"),
                _signed("Signed", section, "human_oversight"),
            ],
        ),
        ("(f) Measures when risks materialise", _open("Internal governance", "Complaint mechanism")),
        ("Notification", _open("Market surveillance authority notified on")),
    ]


def _dpia(section: ModelSection) -> list[tuple[str, list[Field]]]:
    basis = _fact(section, "classification.processing", "basis")
    triggers = _fact(section, "classification.processing", "dpia_triggers")
    special = _fact(section, "classification.processing", "special_categories")
    words = None if special is None else ("yes" if special else "no")
    model = section.model
    return [
        ("Processing", _general(section)),
        (
            "(a) Systematic description",
            [
                _field("Purpose", model.intended_purpose, f"model/{model.id}"),
                _field("Lawful basis", str(basis).replace("_", " ") if basis else None, "classification.processing"),
                _field("Data sources", model.data_sources, f"model/{model.id}"),
                _field("Special categories", words, "classification.processing"),
                _field("Why an assessment is required", triggers, "classification.processing"),
            ],
        ),
        (
            "(b) Necessity and proportionality",
            [_signed("Data minimisation", section, "data_minimisation"), *_open("Alternatives considered")],
        ),
        (
            "(c) Risks to rights and freedoms",
            [
                _said("Fairness by group", section, "bias.run"),
                _said("Accuracy", section, "quality.performance"),
                *_open("Likelihood and severity of further risks"),
            ],
        ),
        (
            "(d) Measures",
            [
                _signed("Security of processing", section, "security_of_processing"),
                _signed("Safeguards for automated decisions", section, "automated_safeguards"),
                _said("Audit trail", section, "audit.verified"),
                *_open("Residual risk"),
            ],
        ),
        ("Consultation", _open("Advice of the data protection officer", "Views of the persons concerned")),
    ]
