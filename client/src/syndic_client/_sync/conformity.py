# Made from ../_async by client/generate.py: change it there.
"""Conformity of high-risk systems: assessments, decisions on versions, the form of Art. 6(4), registration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Unpack

from syndic_client._sync.transport import Transport
from syndic_client.bodies import FileChanges, FilledForm, NewDecision, NewFile
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import (
    Conformity,
    ConformityFile,
    EuRegistration,
    FileView,
    HighRiskAssessment,
    HighRiskAssessmentView,
    Modification,
    RegistrationDocument,
    RegistrationView,
)


class ConformityFiles:
    """Where a system stands by Art. 6(4), 43 and 49 of the AI Act."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def of_model(self, model: ModelNamed) -> Conformity:
        """Procedure, checklist, decisions on versions, what is missing and what is next."""
        return self._api.ask(Conformity, get("models", id_of(model), "conformity"))

    def get(self, model: ModelNamed, file: str) -> FileView:
        """One assessment with its checklist."""
        return self._api.ask(FileView, get("models", id_of(model), "conformity", file))

    def begin(
        self, model: ModelNamed, *, idempotency_key: str | None = None, **fields: Unpack[NewFile]
    ) -> ConformityFile:
        """Begin the assessment of a version."""
        call = change("POST", "models", id_of(model), "conformity", body=fields, key=idempotency_key)
        return self._api.ask(ConformityFile, call)

    def change(self, model: ModelNamed, file: str, **fields: Unpack[FileChanges]) -> ConformityFile:
        """Go on with an assessment."""
        return self._api.ask(ConformityFile, change("PATCH", "models", id_of(model), "conformity", file, body=fields))

    def conclude(self, model: ModelNamed, file: str) -> ConformityFile:
        """Conclude an assessment, as a person: keys may not."""
        return self._api.ask(ConformityFile, change("POST", "models", id_of(model), "conformity", file, "conclude"))

    def decide(
        self, model: ModelNamed, *, idempotency_key: str | None = None, **fields: Unpack[NewDecision]
    ) -> Modification:
        """Decide whether a version is a substantial modification, as a person: keys may not."""
        call = change("POST", "models", id_of(model), "modifications", body=fields, key=idempotency_key)
        return self._api.ask(Modification, call)

    def high_risk_assessment(self, model: ModelNamed) -> HighRiskAssessmentView:
        """The form of Art. 6(4), and what it lacks."""
        return self._api.ask(HighRiskAssessmentView, get("models", id_of(model), "high-risk-assessment"))

    def fill_assessment(
        self, model: ModelNamed, *, idempotency_key: str | None = None, **fields: Unpack[FilledForm]
    ) -> HighRiskAssessment:
        """Fill or sign the form of Art. 6(4), as a person: keys may not."""
        call = change("POST", "models", id_of(model), "high-risk-assessment", body=fields, key=idempotency_key)
        return self._api.ask(HighRiskAssessment, call)

    def registration(self, model: ModelNamed, *, section: str | None = None) -> RegistrationView:
        """The data of Annex VIII, and what is missing of it."""
        return self._api.ask(RegistrationView, get("models", id_of(model), "registration", section=section))

    def registration_document(self, model: ModelNamed, *, section: str | None = None) -> RegistrationDocument:
        """The same data as a document in Markdown."""
        call = get("models", id_of(model), "registration", "document", section=section)
        return self._api.ask(RegistrationDocument, call)

    def give_points(self, model: ModelNamed, *, section: str, given: Mapping[str, str]) -> RegistrationView:
        """Give points of Annex VIII that no record holds."""
        body = {"section": section, "given": given}
        return self._api.ask(
            RegistrationView, change("POST", "models", id_of(model), "registration", "points", body=body)
        )

    def record_registration(
        self, model: ModelNamed, *, section: str, registered_on: dt.date | str, entry_url: str
    ) -> EuRegistration:
        """Say that the data as they stand were registered."""
        body = {"section": section, "registered_on": str(registered_on), "entry_url": entry_url}
        return self._api.ask(EuRegistration, change("POST", "models", id_of(model), "registration", body=body))
