"""What may be done with entries of conformity: pure functions from an entry to the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

from syndic.canonical import sha256_of
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import Noun, to_json
from syndic.registers.conformity.checklists import checklists
from syndic.registers.conformity.models import (
    ConformityFile,
    Decision,
    EuRegistration,
    FileState,
    FormState,
    HighRiskAssessment,
    OfVersion,
    RegistrationState,
)
from syndic.substance import in_a_sentence, says_something

Versioned = TypeVar("Versioned", bound=OfVersion)

_OWN: Final = frozenset({
    "id", "state", "serves", "opened_by", "opened_at", "changed_by", "changed_at", "closed_at",
    "sha256", "clocks", "review_due",
})  # fmt: skip


def changed(file: ConformityFile, values: Mapping[str, Any]) -> ConformityFile:
    """The assessment with other values; checks are given item by item. What is concluded is not changed."""
    update = dict(values)
    if "checks" in update:
        known = {item.id for route in ("annex_vi", "annex_vii", "sector") for item in getattr(checklists(), route)}
        unknown = sorted(update["checks"].keys() - known)
        if unknown:
            raise InvalidInputError(f"there is no item {unknown[0]!r} in any checklist", where=f"checks.{unknown[0]}")
        update["checks"] = {**file.checks, **update["checks"]}
    after = file.model_copy(update=update)
    if after != file and file.state == FileState.CONCLUDED:
        raise ConflictError("the assessment is concluded; a substantial modification needs one of its own")
    return after


def concluded(file: ConformityFile, open_: Sequence[str], *, actor: str, now: datetime) -> ConformityFile:
    """The assessment as concluded. Raises `ConflictError` that names what is open."""
    if file.state == FileState.CONCLUDED:
        return file
    if open_:
        raise ConflictError(f"the assessment of version {file.version} is open: {'; '.join(open_)}")
    update = {"state": FileState.CONCLUDED.value, "concluded_by": actor, "concluded_at": now}
    return file.model_copy(update={**update, "sha256": digest_of(file)})


def decide(
    *, first: bool, affects_compliance: bool, changes_purpose: bool, foreseen_as: str | None, reasons: str,
    foreseen: Sequence[str],
) -> Decision:  # fmt: skip
    """Whether a version is a substantial modification (Art. 3(23)) by what a person says of it.

    It is when its changes affect compliance with Section 2 or modify the intended purpose, and were not foreseen in
    the initial assessment. A change of the purpose is never foreseen as one that leaves the assessment standing.

    Args:
        first: Whether no version was placed on the market or in service before.
        affects_compliance: Whether compliance with Chapter III Section 2 is affected.
        changes_purpose: Whether the intended purpose is modified.
        foreseen_as: The change of the assessment that it is, by id.
        reasons: Why, in words.
        foreseen: The changes that concluded assessments foresaw.

    Raises `InvalidInputError` for reasons that say nothing, or a change that no assessment foresaw.
    """
    if not says_something(reasons):
        raise InvalidInputError(in_a_sentence("say in words what changed and why it is judged so"), where="reasons")
    if first:
        return Decision.INITIAL
    if foreseen_as is not None and foreseen_as not in foreseen:
        known = ", ".join(foreseen) or "none"
        raise InvalidInputError(
            f"no concluded assessment foresaw {foreseen_as!r}; there are: {known}", where="foreseen_as"
        )
    if changes_purpose:
        return Decision.SUBSTANTIAL
    if foreseen_as is not None:
        return Decision.FORESEEN
    return Decision.SUBSTANTIAL if affects_compliance else Decision.NONE


def missing_of(form: HighRiskAssessment) -> tuple[str, ...]:
    """What the form of Art. 6(4) lacks."""
    found = [
        (not form.grounds, "grounds: no condition of Art. 6(3)(a)-(d) is relied on in the questionnaire"),
        *(
            (not says_something(form.ground_reasons.get(ground, "")), f"ground_reasons.{ground}: why it holds")
            for ground in form.grounds
        ),
        (
            not says_something(form.no_significant_risk),
            "no_significant_risk: why there is none (6(3), first paragraph)",
        ),
        (not says_something(form.influence), "influence: why it does not materially influence decisions (6(3))"),
        (not says_something(form.no_profiling), "no_profiling: why it does not profile natural persons (6(3), last)"),
    ]
    return tuple(text for holds, text in found if holds)


def signed(form: HighRiskAssessment, *, actor: str, now: datetime) -> HighRiskAssessment:
    """The form as signed. Raises `ConflictError` that names what is missing."""
    if form.state == FormState.SIGNED:
        return form
    lacking = missing_of(form)
    if lacking:
        raise ConflictError(f"the assessment is not complete: {'; '.join(lacking)}")
    update = {"state": FormState.SIGNED.value, "signed_by": actor, "signed_at": now, "sha256": digest_of(form)}
    return form.model_copy(update=update)


def registered(
    entry: EuRegistration, missing: Sequence[str], digest: str, *, on: date, url: str, actor: str, today: date
) -> EuRegistration:
    """The registration as made. Raises `ConflictError` that names the points that are missing."""
    if missing:
        raise ConflictError(f"points are missing: {'; '.join(missing)}")
    if on > today:
        raise InvalidInputError(f"{on.isoformat()} is in the future", where="registered_on")
    update = {"state": RegistrationState.REGISTERED.value, "registered_on": on, "registered_by": actor}
    return entry.model_copy(update={**update, "entry_url": url, "sha256": digest})


def serving(entry: Versioned, name: str | None) -> Versioned:
    """The entry with the name under which its version serves now; None: it does not."""
    return entry if entry.serves == name else entry.model_copy(update={"serves": name})


def digest_of(entry: Noun) -> str:
    """The SHA-256 of what people said in an entry, in canonical form."""
    return sha256_of({name: value for name, value in to_json(entry).items() if name not in _OWN})
