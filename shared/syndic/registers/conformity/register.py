"""The registers of conformity: assessments, modifications, forms of Art. 6(4), registrations, and what they show.

An entry is about one version, evidence about the one that serves: of several entries the one whose version serves
shows, and where none does, the newest. Which one serves is kept with the entries (`serves`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Final, TypeVar

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus
from syndic.registers.conformity.models import (
    ConformityFile,
    DataSection,
    Decision,
    EuRegistration,
    FileState,
    FormState,
    HighRiskAssessment,
    Modification,
    OfVersion,
    RegistrationState,
)
from syndic.registers.conformity.rules import missing_of
from syndic.registers.models import Step
from syndic.registers.register import Register

_WORDS: Final = {
    Decision.INITIAL: "the first one",
    Decision.NONE: "no substantial modification",
    Decision.FORESEEN: "changed as the assessment foresaw",
    Decision.SUBSTANTIAL: "a substantial modification",
}

MODIFIED: Final = "conformity.modification"
_V = TypeVar("_V", bound=OfVersion)


def shown_of(entries: Sequence[_V]) -> _V | None:
    """The entry that shows: that of the version which serves, else the newest."""
    serving = [one for one in entries if one.serves is not None]
    return max(serving or entries, key=lambda one: (one.opened_at, one.id), default=None)


def _document(
    topic: str, entry: OfVersion, title: str, *, digest: str | None, at: datetime, by: str | None, newest: datetime
) -> Evidence:
    return Evidence(
        kind=f"document.{topic}", model_id=entry.model_id, status=EvidenceStatus.PASSING,
        summary=f"{title}, dated {at.date().isoformat()}",
        facts={
            "title": title, "location": f"/models/{entry.model_id}/conformity",
            "model_version": entry.serves or entry.version, "recorded_by": by, "made_at": at.isoformat(),
        },
        source=f"conformity/{entry.id}", sha256=digest or sha256_of(title),
        produced_at=newest,  # so that the record of a version which serves again replaces a later one
    )  # fmt: skip


def _newest(entries: Sequence[OfVersion]) -> datetime:
    return max(one.changed_at for one in entries)


def _assessed(_model_id: str, files: Sequence[ConformityFile], _now: datetime) -> tuple[Evidence, ...]:
    file = shown_of([one for one in files if one.state == FileState.CONCLUDED])
    if file is None or file.concluded_at is None:
        return ()
    title = f"Conformity assessment of version {file.version}"
    at, by = file.concluded_at, file.concluded_by
    return (_document("conformity_assessment", file, title, digest=file.sha256, at=at, by=by, newest=_newest(files)),)


def _modified(model_id: str, entries: Sequence[Modification], now: datetime) -> tuple[Evidence, ...]:
    entry = shown_of(entries)
    if entry is None:
        return ()
    decisions: dict[str, JsonValue] = {
        one.version: {"decision": one.state, "assessed": one.assessed, "opened_at": one.opened_at.isoformat()}
        for one in sorted(entries, key=lambda one: one.opened_at)
    }
    facts: dict[str, JsonValue] = {
        "model_version": entry.serves or entry.version,
        "decision": entry.state,
        "assessed": entry.assessed,
        "decisions": decisions,
    }
    owed = entry.state == Decision.SUBSTANTIAL and not entry.assessed
    shown = Evidence(
        kind=MODIFIED, model_id=model_id, status=EvidenceStatus.FAILING if owed else EvidenceStatus.PASSING,
        summary=f"version {entry.version}: {_WORDS[Decision(entry.state)]}{', not assessed again' if owed else ''}",
        facts=facts, source=f"modification/{entry.id}", sha256=sha256_of(facts), produced_at=now,
    )  # fmt: skip
    return (shown,)


def _formed(_model_id: str, forms: Sequence[HighRiskAssessment], _now: datetime) -> tuple[Evidence, ...]:
    form = shown_of([one for one in forms if one.state == FormState.SIGNED])
    if form is None or form.signed_at is None:
        return ()
    title = f"Assessment under Art. 6(4) of version {form.version}"
    at, by = form.signed_at, form.signed_by
    return (
        _document("not_high_risk_assessment", form, title, digest=form.sha256, at=at, by=by, newest=_newest(forms)),
    )


def _registered(model_id: str, entries: Sequence[EuRegistration], _now: datetime) -> tuple[Evidence, ...]:
    """Of section B and of tests there is a signature to give, and no document that a framework asks for."""
    kept = {DataSection.A, DataSection.C}
    made = [one for one in entries if one.state == RegistrationState.REGISTERED and one.section in kept]
    entry = max(made, key=lambda one: (one.registered_on or one.opened_at.date(), one.id), default=None)
    if entry is None or entry.registered_on is None:
        return ()
    shown = Evidence(
        kind="document.eu_registration", model_id=model_id, status=EvidenceStatus.PASSING,
        summary=f"Registration by Annex VIII Section {entry.section.value}, {entry.registered_on.isoformat()}",
        facts={
            "title": f"Annex VIII Section {entry.section.value}", "location": entry.entry_url, "model_version": None,
            "recorded_by": entry.registered_by,
        },
        source=f"registration/{entry.id}", sha256=entry.sha256 or sha256_of(entry.id),
        produced_at=datetime.combine(entry.registered_on, time.min, UTC),
    )  # fmt: skip
    return (shown,)


def _file_steps(file: ConformityFile, _now: datetime) -> tuple[Step, ...]:
    if file.state == FileState.CONCLUDED:
        return (Step(name="declaration", title="Draw up the declaration (report eu_declaration) and record it"),)
    asks = ("route", "route_reasons", "checks")
    return Step(name="change", title="Go on with the checklist", asks=asks), Step(name="conclude", title="Conclude it")


def _form_steps(form: HighRiskAssessment, _now: datetime) -> tuple[Step, ...]:
    if form.state == FormState.SIGNED:
        return ()
    lacking = tuple(one.partition(":")[0] for one in missing_of(form))
    return (Step(name="change", title="Complete it", asks=lacking) if lacking else Step(name="sign", title="Sign it"),)


_PLAIN: Final = frozenset({"version", "serves", "route", "compared_with", "foreseen_as", "section", "grounds", "area",
                           "sha256"})  # fmt: skip

FILES: Final = Register("conformity", "conformity", ConformityFile, evidence=_assessed, steps=_file_steps, plain=_PLAIN)
MODIFICATIONS: Final = Register("modifications", "modification", Modification, evidence=_modified, plain=_PLAIN)
FORMS: Final = Register("forms", "form", HighRiskAssessment, evidence=_formed, steps=_form_steps, plain=_PLAIN)
REGISTRATIONS: Final = Register(
    "registrations", "registration", EuRegistration, evidence=_registered, plain=_PLAIN
)  # fmt: skip
