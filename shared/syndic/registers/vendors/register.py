"""The register of vendors: what it shows of the models that depend on them, and what is still missing of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.assessment import ORGANISATION
from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus
from syndic.models.countries import EEA
from syndic.registers.models import Step, end_of_day, midnight_after
from syndic.registers.register import Register
from syndic.registers.vendors.models import Supply, Vendor, VendorAgreement, VendorAgreementKind, VendorState
from syndic.registers.vendors.questions import findings

KIND: Final = "vendors.agreements"
VALID: Final = timedelta(days=7)
RUNNING: Final = frozenset({Supply.SERVICE, Supply.HOSTING})  # what its supplier runs; a system may run at home

WANTED: Final[Mapping[VendorAgreementKind, str]] = {
    VendorAgreementKind.AI_ACT_25_4: "a written agreement by Art. 25(4) of the AI Act",
    VendorAgreementKind.GDPR_28: "a processor's contract by Art. 28(3) of the GDPR",
}


def owes(vendor: Vendor, kind: VendorAgreementKind) -> bool:
    """Whether the law wants an agreement of a kind with a vendor, as far as the register says.

    Art. 25(4) leaves out who makes tools, services, processes or components public under a free and open-source
    licence, general-purpose models excepted.
    """
    if kind is VendorAgreementKind.GDPR_28:
        return vendor.processes_personal_data is True
    return not vendor.free_and_open_source or Supply.GENERAL_PURPOSE_MODEL in vendor.supplies


def lacking(vendor: Vendor, kind: VendorAgreementKind, day: date) -> str | None:
    """What is wrong with the agreements of a kind on a day, in a few words; None when one is in force and complete."""
    known = [one for one in vendor.agreements if one.kind is kind]
    holding = [one for one in known if one.holds(day)]
    if any(not one.lacks for one in holding):
        return None
    if holding:
        best = min(holding, key=lambda one: len(one.lacks))
        return f"does not settle {', '.join(best.lacks)}"
    ends = [one.end for one in known if one.end is not None]
    return f"ended on {max(ends).isoformat()}" if ends else "none on record"


def missing_of(vendor: Vendor, now: datetime) -> tuple[str, ...]:
    """What is still to be done about a vendor, each in one line."""
    if vendor.closed_at is not None:
        return ()
    open_ = findings(vendor.answers)
    day = now.date()
    lacks = [
        f"agreement: {words}: {wrong}"
        for kind, words in WANTED.items()
        if owes(vendor, kind) and (wrong := lacking(vendor, kind, day)) is not None
    ]
    found = [
        (not vendor.supplies, "supplies: what it supplies"),
        (not vendor.model_ids, "model_ids: which models and systems depend on it"),
        (vendor.processes_personal_data is None, "processes_personal_data: whether it does so on our behalf"),
        (vendor.review_due is None, "review_due: when somebody looks at it again"),
        (vendor.answered_at is None, "questionnaire: not answered"),
        (vendor.answered_at is not None and bool(open_.open), f"questionnaire: open are {', '.join(open_.open)}"),
        (
            vendor.answers_due is not None and vendor.answers_due < day,
            f"questionnaire: its answers were good until {vendor.answers_due}",
        ),
    ]
    return (*(text for holds, text in found if holds), *lacks)


def _shown(model_id: str, entries: Sequence[Vendor], now: datetime) -> tuple[Evidence, ...]:
    """What agreements show of a model: with whom one is in force today, and until when that holds.

    That it depends on nobody any more holds until the register changes, so nobody has to look again.
    """
    if model_id == ORGANISATION:
        return ()
    day = now.date()
    active = [one for one in entries if one.state == VendorState.ACTIVE and model_id in one.model_ids]
    suppliers = [one for one in active if owes(one, VendorAgreementKind.AI_ACT_25_4)]
    processors = [one for one in active if owes(one, VendorAgreementKind.GDPR_28)]
    without_supply = _without(suppliers, VendorAgreementKind.AI_ACT_25_4, day)
    without_processing = _without(processors, VendorAgreementKind.GDPR_28, day)
    unknown = sorted(one.id for one in active if one.processes_personal_data is None)
    unanswered = sorted(
        one.id for one in active if one.answers_due is None or one.answers_due < day or findings(one.answers).open
    )
    facts: dict[str, JsonValue] = {
        "vendors": len(active),
        "suppliers": len(suppliers),
        "without_supply_agreement": list(without_supply),
        "processors": len(processors),
        "processors_unknown": list(unknown),
        "run_by": sum(not RUNNING.isdisjoint(one.supplies) for one in active),
        "processors_outside": sum(one.country is not None and one.country not in EEA for one in processors),
        "without_processing_agreement": list(without_processing),
        "questionnaire_due": list(unanswered),
    }
    wrong = sorted({*without_supply, *without_processing})
    named = f": {'; '.join(wrong[:3])}{'; and others' if len(wrong) > 3 else ''}" if wrong else ""
    shown = Evidence(
        kind=KIND, model_id=model_id, status=EvidenceStatus.FAILING if wrong else EvidenceStatus.PASSING,
        summary=f"{len(active)} vendors, {len(wrong)} agreements missing, incomplete or ended{named}", facts=facts,
        source=f"vendors/{model_id}", sha256=sha256_of(facts), produced_at=now,
        expires_at=min([now + VALID, *_ends(suppliers, processors, day)]) if active else None,
    )  # fmt: skip
    return (shown,)


def _without(vendors: Sequence[Vendor], kind: VendorAgreementKind, day: date) -> list[str]:
    found = ((one.id, lacking(one, kind, day)) for one in vendors)
    return sorted(f"{identity}: {wrong}" for identity, wrong in found if wrong is not None)


def _ends(suppliers: Sequence[Vendor], processors: Sequence[Vendor], day: date) -> list[datetime]:
    """Until when the agreements hold that the answer rests on: of several of one vendor, the one that holds longest."""
    found: list[datetime] = []
    for kind, vendors in ((VendorAgreementKind.AI_ACT_25_4, suppliers), (VendorAgreementKind.GDPR_28, processors)):
        for vendor in vendors:
            relied: list[VendorAgreement] = [
                one for one in vendor.agreements if one.kind is kind and one.holds(day) and not one.lacks
            ]
            ends = [one.end for one in relied]
            known = [end for end in ends if end is not None]
            if ends and len(known) == len(ends):
                found.append(midnight_after(max(known)))
    return found


def _steps(vendor: Vendor, now: datetime) -> tuple[Step, ...]:
    if vendor.closed_at is not None:
        return ()
    asks = ("kind", "title", "signed_on", "expires_on", "location", "sha256", "settles")
    due = {one.name: end_of_day(one.day) for one in vendor.dated}
    first_end = min((at for name, at in due.items() if name.startswith("agreement_")), default=None)
    wanted = any(owes(vendor, kind) and lacking(vendor, kind, now.date()) is not None for kind in WANTED)
    steps = [
        Step(name="agreement", title="Record an agreement", asks=asks, due=first_end),
        Step(name="questionnaire", title="Answer the questionnaire", asks=("answers",), due=due.get("answers")),
        Step(name="review", title="Review it", asks=("next_review",), due=due.get("review")),
        Step(name="change", title="Change what is said of it, or end the relation", asks=()),
    ]
    return tuple(steps if wanted or first_end else [*steps[1:3], steps[0], steps[3]])


VENDORS: Final = Register(
    "vendors", "vendor", Vendor, evidence=_shown, steps=_steps, of_none=False,
    words=lambda one: {"supplies": tuple(kind.value for kind in one.supplies)},
    plain=frozenset({"country", "supplies", "free_and_open_source", "questions_version"}),
)  # fmt: skip
