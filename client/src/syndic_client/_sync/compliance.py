# Made from ../_async by client/generate.py: change it there.
"""Compliance: requirements, who attests what, what is being done."""

from __future__ import annotations

from typing import Unpack

from syndic_client._sync.pages import Pages
from syndic_client._sync.reports import ReportJobs
from syndic_client._sync.transport import Transport
from syndic_client.bodies import (
    NewAttestation,
    NewDocument,
    NewRemediation,
    NewReport,
    RemediationChange,
)
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import (
    Attestation,
    Attestations,
    Classification,
    Classifications,
    ComplianceHistory,
    Crosswalk,
    DatePage,
    Deadlines,
    DocumentRecord,
    Documents,
    DryRun,
    DuePage,
    DueSignature,
    DueSignatures,
    Frameworks,
    FrameworkStatuses,
    FrameworkSummary,
    FrameworkVersion,
    LegalDate,
    ModelStatus,
    News,
    PersonalData,
    Portfolio,
    Preview,
    ProcessingRecord,
    Questionnaires,
    Remediation,
    Remediations,
    ReportJob,
    StatementOfApplicability,
    Validation,
)


class Compliance:
    """The state of laws and frameworks."""

    def __init__(self, api: Transport) -> None:
        self._api = api
        self._reports = ReportJobs(api)

    def status(self, *, framework: str | None = None, page_size: int | None = None) -> Pages[Portfolio, ModelStatus]:
        """Where every model stands by a framework, or by each."""
        call = get("compliance", "status", framework=framework, limit=page_size)
        return Pages(self._api, Portfolio, lambda page: page.statuses, call)

    def of_model(self, model: ModelNamed) -> FrameworkStatuses:
        """Each requirement of each framework, with its evidence."""
        return self._api.ask(FrameworkStatuses, get("models", id_of(model), "compliance"))

    def history(
        self, model: ModelNamed, *, framework: str | None = None, limit: int | None = None
    ) -> ComplianceHistory:
        """What changed, newest first."""
        call = get("models", id_of(model), "compliance", "history", framework=framework, limit=limit)
        return self._api.ask(ComplianceHistory, call)

    def deadlines(self, model: ModelNamed, *, days: int | None = None) -> Deadlines:
        """What is due."""
        return self._api.ask(Deadlines, get("models", id_of(model), "compliance", "deadlines", days=days))

    def generate_report(self, *, idempotency_key: str | None = None, **fields: Unpack[NewReport]) -> ReportJob:
        """Ask for a report; `client.reports` waits for it and downloads it."""
        return self._reports.request(idempotency_key=idempotency_key, **fields)

    def frameworks(self, *, removed: bool | None = None) -> Frameworks:
        """Every framework and its versions."""
        return self._api.ask(Frameworks, get("compliance", "frameworks", removed=removed))

    def get_framework(self, framework: str, *, version: str | None = None) -> FrameworkVersion:
        """One framework in full."""
        return self._api.ask(FrameworkVersion, get("compliance", "frameworks", framework, version=version))

    def upload_framework(self, text: str, *, idempotency_key: str | None = None) -> FrameworkSummary:
        """Keep a framework's YAML as a draft."""
        call = change("POST", "compliance", "frameworks", body={"text": text}, key=idempotency_key)
        return self._api.ask(FrameworkSummary, call)

    def try_framework(self, framework: str, version: str) -> DryRun:
        """What would change if a version came into force."""
        call = change("POST", "compliance", "frameworks", framework, "dry-run", body={"version": version})
        return self._api.ask(DryRun, call)

    def activate_framework(
        self, framework: str, version: str, *, idempotency_key: str | None = None
    ) -> FrameworkSummary:
        """Have every model judged by a version from now on."""
        call = change(
            "POST", "compliance", "frameworks", framework, "activate", body={"version": version}, key=idempotency_key
        )
        return self._api.ask(FrameworkSummary, call)

    def validate_framework(self, text: str) -> Validation:
        """What is wrong in a framework's YAML, by line and field; else what it would change. Nothing is kept."""
        call = change("POST", "compliance", "frameworks", "validate", body={"text": text})
        return self._api.ask(Validation, call)

    def switch_framework_off(
        self, framework: str, *, reason: str, idempotency_key: str | None = None
    ) -> FrameworkSummary:
        """Let a framework of your own judge nobody any more. It may be activated again."""
        call = change(
            "POST", "compliance", "frameworks", framework, "switch-off", body={"reason": reason}, key=idempotency_key
        )
        return self._api.ask(FrameworkSummary, call)

    def remove_framework(self, framework: str, *, reason: str) -> FrameworkSummary:
        """Switch a framework of your own off and list it no more. Its history stays."""
        call = change("DELETE", "compliance", "frameworks", framework, body={"reason": reason})
        return self._api.ask(FrameworkSummary, call)

    def applicability(self, framework: str) -> StatementOfApplicability:
        """The statement of applicability: what is taken, what is left out, and why."""
        return self._api.ask(StatementOfApplicability, get("compliance", "frameworks", framework, "applicability"))

    def decide_applicability(
        self, framework: str, decisions: dict[str, object], *, known: StatementOfApplicability | None = None
    ) -> StatementOfApplicability:
        """Decide the whole statement, with a reason for each requirement."""
        call = change(
            "PUT", "compliance", "frameworks", framework, "applicability", body={"decisions": decisions}, of=known
        )
        return self._api.ask(StatementOfApplicability, call)

    def news(self, *, since: str | None = None) -> News:
        """What changed in the frameworks in force, from their own changelogs."""
        return self._api.ask(News, get("compliance", "news", since=since))

    def crosswalk(self, *, kind: str | None = None) -> Crosswalk:
        """Which requirements of which frameworks ask for a kind of evidence."""
        return self._api.ask(Crosswalk, get("compliance", "crosswalk", kind=kind))

    def preview(
        self, topic: str, *, model: ModelNamed | None = None, thing: str | None = None, role: str | None = None
    ) -> Preview:
        """What a signature (in a role) or a document would settle in every framework, and what it would not."""
        front = _of(model) if model is None else (*_of(model), "compliance")
        return self._api.ask(Preview, get(*front, "preview", topic=topic, thing=thing, role=role))

    def due_signatures(self, *, whose: str | None = None, page_size: int | None = None) -> Pages[DuePage, DueSignature]:
        """Signatures that are due over all models: yours, or everybody's."""
        call = get("compliance", "signatures", whose=whose, limit=page_size)
        return Pages(self._api, DuePage, lambda page: page.signatures, call)

    def due_signatures_of(self, model: ModelNamed, *, whose: str | None = None) -> tuple[DueSignature, ...]:
        """Signatures that are due for one model."""
        call = get("models", id_of(model), "compliance", "signatures", whose=whose)
        return (self._api.ask(DueSignatures, call)).signatures

    def dates(self, *, days: int | None = None, page_size: int | None = None) -> Pages[DatePage, LegalDate]:
        """Legal dates over all models: what enters into force and what runs out."""
        call = get("compliance", "deadlines", days=days, limit=page_size)
        return Pages(self._api, DatePage, lambda page: page.dates, call)

    def attestations(self, model: ModelNamed | None = None) -> Attestations:
        """What people signed for a model, or for the organisation."""
        return self._api.ask(Attestations, get(*_of(model), "attestations"))

    def attest(
        self, model: ModelNamed | None = None, *, idempotency_key: str | None = None, **fields: Unpack[NewAttestation]
    ) -> Attestation:
        """Sign a statement about a model, or about the organisation."""
        call = change("POST", *_of(model), "attestations", body=fields, key=idempotency_key)
        return self._api.ask(Attestation, call)

    def withdraw(
        self, attestation: str, *, reason: str, model: ModelNamed | None = None, idempotency_key: str | None = None
    ) -> Attestation:
        """Take a statement back."""
        call = change(
            "POST", *_of(model), "attestations", attestation, "withdraw", body={"reason": reason}, key=idempotency_key
        )
        return self._api.ask(Attestation, call)

    def documents_of(self, model: ModelNamed) -> tuple[DocumentRecord, ...]:
        """The documents recorded on a model, the newest first."""
        page = self._api.ask(Documents, get("models", id_of(model), "documents"))
        return page.documents

    def record_document(
        self, model: ModelNamed | None = None, *, idempotency_key: str | None = None, **fields: Unpack[NewDocument]
    ) -> DocumentRecord:
        """Put a document on record by its fingerprint, or write one as `text`."""
        call = change("POST", *_of(model), "documents", body=fields, key=idempotency_key)
        return self._api.ask(DocumentRecord, call)

    def remediations(
        self, *, status: str | None = None, owner: str | None = None, order: str | None = None,
        page_size: int | None = None,
    ) -> Pages[Remediations, Remediation]:  # fmt: skip
        """What is being done, for all models, what is due first before."""
        call = get("compliance", "remediations", status=status, owner=owner, order=order, limit=page_size)
        return Pages(self._api, Remediations, lambda page: page.remediations, call)

    def remediations_of(self, model: ModelNamed) -> tuple[Remediation, ...]:
        """What is being done for a model."""
        page = self._api.ask(Remediations, get("models", id_of(model), "remediations"))
        return page.remediations

    def get_remediation(self, model: ModelNamed, remediation: str) -> Remediation:
        """One remediation."""
        return self._api.ask(Remediation, get("models", id_of(model), "remediations", remediation))

    def open_remediation(
        self, model: ModelNamed, *, idempotency_key: str | None = None, **fields: Unpack[NewRemediation]
    ) -> Remediation:
        """Say who will do what about a requirement, and until when."""
        call = change("POST", "models", id_of(model), "remediations", body=fields, key=idempotency_key)
        return self._api.ask(Remediation, call)

    def change_remediation(
        self, model: ModelNamed, remediation: str | Remediation, **fields: Unpack[RemediationChange]
    ) -> Remediation:
        """Change a remediation. Refused if the one given was changed since it was read."""
        which = remediation if isinstance(remediation, str) else remediation.id
        call = change("PATCH", "models", id_of(model), "remediations", which, body=fields, of=remediation)
        return self._api.ask(Remediation, call)

    def questionnaires(self) -> Questionnaires:
        """What is asked to classify a model."""
        return self._api.ask(Questionnaires, get("compliance", "questionnaires"))

    def classifications(self, model: ModelNamed) -> Classifications:
        """What came of each questionnaire."""
        return self._api.ask(Classifications, get("models", id_of(model), "classifications"))

    def get_classification(self, model: ModelNamed, questionnaire: str) -> Classification:
        """What came of one questionnaire."""
        return self._api.ask(Classification, get("models", id_of(model), "classifications", questionnaire))

    def classify(
        self, model: ModelNamed, questionnaire: str, answers: dict[str, object], *, known: Classification | None = None
    ) -> Classification:
        """Answer a questionnaire; `known` is what was read of it before, and must not have changed meanwhile."""
        call = change(
            "PUT", "models", id_of(model), "classifications", questionnaire, body={"answers": answers}, of=known
        )
        return self._api.ask(Classification, call)

    def processing_record(self) -> ProcessingRecord:
        """The record of processing activities (GDPR, Article 30)."""
        return self._api.ask(ProcessingRecord, get("compliance", "processing-record"))

    def personal_data(self, names: list[str]) -> PersonalData:
        """Everything that is held about a person (GDPR, Article 15)."""
        call = change("POST", "compliance", "personal-data", body={"names": names})
        return self._api.ask(PersonalData, call)


def _of(model: ModelNamed | None) -> tuple[str, ...]:
    return ("compliance",) if model is None else ("models", id_of(model))
