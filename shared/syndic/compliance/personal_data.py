"""The platform's own duties under the GDPR: what it keeps of persons, where, why, for how long, and a copy of it.

Persons here are those who use the platform: owners, signers, approvers. Of the people whom a model judges nothing is
kept: captured rows are read where the endpoint's cloud keeps them, counted and forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from syndic.canonical import sha256_of
from syndic.changes import request_once
from syndic.compliance.person_index import OF_A_MODEL, SHORTEST, models_naming
from syndic.errors import InvalidInputError
from syndic.models import AuditEntry, Noun
from syndic.ports import AuditTrail, Key, Record, Store
from syndic.records import iterate, model_key

MOST: Final = 2000
SHARED: Final = (
    "frameworks",
    "framework_versions",
    "policies.approval",
    "report_jobs",
    "asked",
    "episodes.all",
    "receivers",
    "receivers.tried",
    "audit",
    "erasures",
    *(f"registers.{one}" for one in ("trainings", "assignments", "policy_documents", "processing", "requests")),
)


class Place(Noun):
    """One entry of the record of processing: personal data that the platform keeps (Art. 30(1))."""

    what: str
    persons: str
    purpose: str
    legal_basis: str
    kept_in: str
    kept_for: str
    erasable: bool
    why_not: str | None = None


class Mention(Noun):
    """A record that names a person, and the fields that do."""

    partition: str
    sort: str
    fields: dict[str, str] = Field(description="path of the field: what it holds")


class PersonalData(Noun):
    """Every record that names a person, as far as it was looked."""

    names: tuple[str, ...]
    mentions: tuple[Mention, ...]
    complete: bool = Field(description="false: there are more than are shown")


_TRAIL: Final = "records of decisions are evidence of compliance with the law (Art. 17(3)(b) and (e))"
RECORD_OF_PROCESSING: Final = (
    Place(
        what="user names and addresses of people who sign in",
        persons="users",
        purpose="sign-in",
        legal_basis="Art. 6(1)(f)",
        kept_in="user pool",
        kept_for="until the account is deleted",
        erasable=True,
    ),
    Place(
        what="address of a model's owner",
        persons="owners",
        purpose="alerts and responsibility",
        legal_basis="Art. 6(1)(f)",
        kept_in="partition models",
        kept_for="until the owner is changed",
        erasable=True,
    ),
    Place(
        what="addresses of receivers of alerts, owners whose models they are told of, and who set or tried them",
        persons="receivers, owners, users",
        purpose="alerts",
        legal_basis="Art. 6(1)(f)",
        kept_in="partitions receivers, receivers.tried",
        kept_for="until the receiver is removed; who set it until it is set again",
        erasable=True,
    ),
    Place(
        what="names of people who signed, approved, classified or repaired",
        persons="signers, approvers, owners of remediations",
        purpose="evidence of compliance",
        legal_basis="Art. 6(1)(c)",
        kept_in="partitions attestations, documents, classification, remediation, evidence, model, frameworks, "
        "policies.approval",
        kept_for="as long as the records of the model are kept",
        erasable=False,
        why_not=_TRAIL,
    ),
    Place(
        what="names and addresses of staff in registers: owners, people who were trained, assigned, or read a policy",
        persons="staff",
        purpose="evidence of compliance: literacy, oversight, policies, requests answered in time",
        legal_basis="Art. 6(1)(c)",
        kept_in="partitions registers.trainings, registers.assignments, registers.policy_documents, "
        "registers.processing, registers.requests",
        kept_for="as long as the entry is kept",
        erasable=False,
        why_not=_TRAIL,
    ),
    Place(
        what="references of persons who made a request: pseudonyms whose key the deployer keeps",
        persons="data subjects of the models",
        purpose="answering requests in time (Art. 12(3)) and showing it",
        legal_basis="Art. 6(1)(c)",
        kept_in="partition registers.requests",
        kept_for="as long as the entry is kept",
        erasable=False,
        why_not=_TRAIL,
    ),
    Place(
        what="salted hashes of identifiers whose rows are to be erased",
        persons="data subjects of the models",
        purpose="finding their captured rows",
        legal_basis="Art. 6(1)(c)",
        kept_in="partitions erasures.<model>",
        kept_for="the minutes until the plan is made",
        erasable=False,
        why_not="they go by themselves with the plan's last step",
    ),
    Place(
        what="user name with each change",
        persons="users",
        purpose="accountability",
        legal_basis="Art. 6(1)(c)",
        kept_in="partitions audit, episodes.all, report_jobs, framework_versions, asked, erasures",
        kept_for="unlimited; contents of audit entries until they are erased by subject (audit-logs/erasures)",
        erasable=False,
        why_not=_TRAIL,
    ),
    Place(
        what="what was answered to requests with an idempotency key, names included",
        persons="users, owners, signers",
        purpose="to answer a request that is sent again",
        legal_basis="Art. 6(1)(f)",
        kept_in="partition keyed",
        kept_for="a day",
        erasable=True,
    ),
    Place(
        what="names in report files and evidence packages",
        persons="owners, signers",
        purpose="reporting",
        legal_basis="Art. 6(1)(c)",
        kept_in="archive, below reports/",
        kept_for="until the deployer removes the file",
        erasable=True,
    ),
    Place(
        what="levels and extreme values of columns, in baselines and reports",
        persons="data subjects of the models, where a single person's value is one of them",
        purpose="checks of drift, quality and fairness",
        legal_basis="that of the deployer's own processing",
        kept_in="archive, below baselines/; partitions drift, quality, bias",
        kept_for="as long as the records of the model are kept",
        erasable=False,
        why_not="they carry no row id; give columns with names, numbers of persons or free text the role `ignored`",
    ),
    Place(
        what="captured rows of the people whom models judge",
        persons="data subjects of the models",
        purpose="checks of drift, quality and fairness",
        legal_basis="that of the deployer's own processing",
        kept_in="nowhere: read in the deployer's capture store, counted, not kept",
        kept_for="the seconds of a check",
        erasable=False,
        why_not="there is nothing to erase here; rows are erased in the capture store, by the deployer or by a plan",
    ),
)


def personal_data_of(
    names: Collection[str], *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> PersonalData:
    """Every record that holds one of a person's names (user name, address) as the whole of a field.

    That somebody looked is in the audit trail, with how much was found and without the names.
    """
    wanted = {name.strip().casefold() for name in names}
    if not wanted or any(len(name) < SHORTEST for name in wanted):
        raise InvalidInputError("give the user name or address, at least 3 characters", where="names")
    found: list[Mention] = []
    complete = True
    for mention in _mentions(store, wanted):
        if len(found) == MOST:
            complete = False
            break
        found.append(mention)
    entry = AuditEntry(
        action="personal_data.exported", actor=actor, subject="person/requested", at=now,
        details={"records": len(found), "complete": complete},
    )  # fmt: skip
    asked = sha256_of([actor, sorted(wanted)])[:32]
    request_once(Key("asked", f"personal_data.{asked}"), {"by": actor}, entry, store=store, audit=audit, now=now)
    return PersonalData(names=tuple(sorted(wanted)), mentions=tuple(found), complete=complete)


def _mentions(store: Store, wanted: set[str]) -> Iterator[Mention]:
    for record in _records(store, wanted):
        fields = dict(_fields(record.body, "", wanted))
        if fields:
            yield Mention(partition=record.key.partition, sort=record.key.sort, fields=fields)


def _records(store: Store, wanted: set[str]) -> Iterator[Record]:
    models = models_naming(wanted, store)
    for first in range(0, len(models), 100):
        keys = [model_key(one) for one in models[first : first + 100]]
        found = store.get_many(keys)
        yield from (found[key] for key in keys if key in found)
    for one in models:
        for kind in OF_A_MODEL:
            yield from iterate(store, f"{kind}.{one}")
    for partition in SHARED:
        yield from iterate(store, partition)


def _fields(value: Any, path: str, wanted: set[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if value.strip().casefold() in wanted:
            yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _fields(inner, f"{path}.{name}".lstrip("."), wanted)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _fields(inner, f"{path}[{number}]", wanted)
