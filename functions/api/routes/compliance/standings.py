"""Compliance: frameworks, where models stand, and what people sign."""

from __future__ import annotations

from typing import Annotated, Final

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import AfterValidator, Field

from functions.api.access.callers import Caller, require_change
from functions.api.access.roles import ADMIN
from functions.api.inputs import Clouds, Limit, ModelId, Person, Token
from syndic.assessment import ORGANISATION, Attestation, AttestationDecision, FrameworkStatus
from syndic.compliance.catalogue import get_framework, list_frameworks
from syndic.compliance.evaluation.queries import HistoryEntry, history, portfolio_page, statuses_of
from syndic.compliance.models import FrameworkVersion, VersionState
from syndic.compliance.people.attest import attest, list_attestations, withdraw
from syndic.errors import NotAllowedError
from syndic.models import Moment, Noun
from syndic.records import get_model
from syndic.tasks.registration import framework_id

router = Router()

FRAMEWORK: Final = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
FrameworkName = Annotated[
    str, Path(pattern=FRAMEWORK, description="Id of a framework, in any case"), AfterValidator(framework_id)
]
FrameworkQuery = Annotated[
    str, Query(pattern=FRAMEWORK, description="Id of a framework, in any case"), AfterValidator(framework_id)
]
AttestationId = Annotated[str, Path(pattern=r"^[0-9a-f]{8,64}$", description="Id of an attestation")]
Topic = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,127}$")]


class FrameworkSummary(Noun):
    """A version of a framework, without its text."""

    framework_id: str
    version: str
    title: str
    sha256: str
    state: VersionState
    built_in: bool
    uploaded_by: str
    uploaded_at: Moment
    activated_by: str | None
    activated_at: Moment | None
    ended_by: str | None = Field(default=None, description="who switched it off or removed it")
    ended_at: Moment | None = None
    ended_reason: str | None = None


class Frameworks(Noun):
    """Every version of every framework."""

    frameworks: tuple[FrameworkSummary, ...]


class ModelStatus(Noun):
    """Where one model stands under one framework, in counts. There is no score: states cannot be averaged."""

    model_id: str
    model_name: str
    model_version: str | None
    owner: str | None
    framework_id: str
    framework_version: str
    counts: dict[str, int] = Field(description="requirements by state")
    applicable: int
    met: int
    blocking: tuple[str, ...] = Field(description="requirements that block, by id")
    evaluated_at: Moment


class Portfolio(Noun):
    """A page of models under one framework."""

    statuses: tuple[ModelStatus, ...]
    next_token: str | None = None


class FrameworkStatuses(Noun):
    """Where models stand."""

    statuses: tuple[FrameworkStatus, ...]


class ComplianceHistory(Noun):
    """How a model's states under a framework changed, newest first."""

    changes: tuple[HistoryEntry, ...]


class Attestations(Noun):
    """What people signed."""

    attestations: tuple[Attestation, ...]


class NewAttestation(Noun):
    """A person's signature under the statements on one topic, in a role that the person holds."""

    topic: Topic
    role: str = Field(min_length=1, max_length=64, description="such as model owner or data protection officer")
    decision: AttestationDecision
    comment: str = Field(default="", max_length=2000)
    statements: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...] | None = Field(
        default=None, max_length=100,
        description="hashes of the statements that were shown; when they are others by now, nothing is signed",
    )  # fmt: skip


class Withdrawal(Noun):
    """Why a signature is taken back."""

    reason: str = Field(min_length=3, max_length=2000)


@router.get("/compliance/frameworks", tags=["compliance"])
def list_all_frameworks(
    clouds: Clouds, *, removed: Annotated[bool, Query(description="list those that were removed too")] = False
) -> Frameworks:
    """Every version of every framework."""
    found = (one.model_dump(exclude={"text"}) for one in list_frameworks(clouds.store, removed=removed))
    return Frameworks(frameworks=tuple(FrameworkSummary.model_validate(one) for one in found))


@router.get("/compliance/frameworks/<framework_id>", tags=["compliance"])
def read_framework(
    clouds: Clouds,
    framework_id: FrameworkName,
    version: Annotated[str | None, Query(pattern=r"^[0-9]{4}\.[0-9]{1,2}(\.[0-9]{1,3})?$")] = None,
) -> FrameworkVersion:
    """A framework: the version in force, or the one asked for."""
    return get_framework(clouds.store, framework_id, version)


@router.get("/compliance/status", tags=["compliance"])
def read_portfolio(
    clouds: Clouds,
    framework: Annotated[
        str | None,
        Query(pattern=FRAMEWORK, description="Id of a framework, in any case; left out: all, one after the other"),
    ] = None,
    limit: Limit = 50,
    token: Token = None,
) -> Portfolio:
    """Where models stand under one framework or under all, by framework and model id."""
    framework = None if framework is None else framework_id(framework)
    if framework is not None:
        get_framework(clouds.store, framework)
    statuses, next_token = portfolio_page(clouds.store, framework, limit=limit, token=token)
    fields = set(ModelStatus.model_fields)
    shown = (ModelStatus.model_validate(status.model_dump(include=fields)) for status in statuses)
    return Portfolio(statuses=tuple(shown), next_token=next_token)


@router.get("/compliance/attestations", tags=["compliance"])
def list_organisation_attestations(clouds: Clouds) -> Attestations:
    """What people signed about the organisation."""
    return Attestations(attestations=tuple(list_attestations(clouds.store, ORGANISATION)))


@router.post("/compliance/attestations", tags=["compliance"], status_code=201)
def attest_for_organisation(
    clouds: Clouds, person: Person, attestation: Annotated[NewAttestation, Body()]
) -> Attestation:
    """Sign the statements on a topic about the organisation."""
    return _signed(ORGANISATION, attestation, clouds=clouds, person=person)


@router.get("/models/<model_id>/compliance", tags=["compliance"])
def read_compliance(clouds: Clouds, model_id: ModelId) -> FrameworkStatuses:
    """Where a model stands under each framework in force."""
    get_model(clouds.store, model_id)
    return FrameworkStatuses(statuses=statuses_of(clouds.store, model_id))


@router.get("/models/<model_id>/compliance/history", tags=["compliance"])
def read_compliance_history(
    clouds: Clouds, model_id: ModelId, framework: FrameworkQuery, limit: Limit = 100
) -> ComplianceHistory:
    """How the states changed."""
    get_model(clouds.store, model_id)
    return ComplianceHistory(changes=history(clouds.store, model_id, framework, limit=limit))


@router.get("/models/<model_id>/attestations", tags=["compliance"])
def list_model_attestations(clouds: Clouds, model_id: ModelId) -> Attestations:
    """What people signed about a model."""
    get_model(clouds.store, model_id)
    return Attestations(attestations=tuple(list_attestations(clouds.store, model_id)))


@router.post("/models/<model_id>/attestations", tags=["compliance"], status_code=201)
def attest_for_model(
    clouds: Clouds, person: Person, model_id: ModelId, attestation: Annotated[NewAttestation, Body()]
) -> Attestation:
    """Sign the statements on a topic about a model. As model owner: only for an own model."""
    model = get_model(clouds.store, model_id)
    if attestation.role == "model owner":
        require_change(person, model)
    return _signed(model_id, attestation, clouds=clouds, person=person)


@router.post("/models/<model_id>/attestations/<attestation_id>/withdraw", tags=["compliance"])
def withdraw_model_attestation(
    clouds: Clouds,
    person: Person,
    model_id: ModelId,
    attestation_id: AttestationId,
    withdrawal: Annotated[Withdrawal, Body()],
) -> Attestation:
    """Take a signature about a model back. Its signer may, and an admin."""
    get_model(clouds.store, model_id)
    return _withdrawn(model_id, attestation_id, withdrawal, clouds=clouds, person=person)


@router.post("/compliance/attestations/<attestation_id>/withdraw", tags=["compliance"])
def withdraw_organisation_attestation(
    clouds: Clouds, person: Person, attestation_id: AttestationId, withdrawal: Annotated[Withdrawal, Body()]
) -> Attestation:
    """Take a signature about the organisation back. Its signer may, and an admin."""
    return _withdrawn(ORGANISATION, attestation_id, withdrawal, clouds=clouds, person=person)


def _withdrawn(
    model_id: str, attestation_id: str, withdrawal: Withdrawal, *, clouds: Clouds, person: Caller
) -> Attestation:
    signed = next((one for one in list_attestations(clouds.store, model_id) if one.id == attestation_id), None)
    if ADMIN not in person.roles and (signed is None or signed.signer != person.name):
        raise NotAllowedError("only its signer or an admin may take a signature back")
    return withdraw(
        model_id,
        attestation_id,
        reason=withdrawal.reason,
        store=clouds.store,
        audit=clouds.audit,
        bus=clouds.bus,
        actor=person.name,
        now=clouds.now(),
    )


def _signed(model_id: str, attestation: NewAttestation, *, clouds: Clouds, person: Caller) -> Attestation:
    return attest(
        model_id,
        attestation.topic,
        role=attestation.role,
        decision=attestation.decision,
        comment=attestation.comment,
        store=clouds.store,
        audit=clouds.audit,
        bus=clouds.bus,
        actor=person.name,
        roles=person.signs_as,
        now=clouds.now(),
        shown=None if attestation.statements is None else frozenset(attestation.statements),
    )
