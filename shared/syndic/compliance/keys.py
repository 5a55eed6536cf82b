"""Where compliance keeps its records. docs/keys.md lists all keys."""

from __future__ import annotations

from datetime import datetime

from syndic.ports import Key

ACTIVE = "frameworks"
"""Partition of the pointers to the active version of each framework."""

VERSIONS = "framework_versions"
"""Partition in which all uploaded versions of all frameworks are listed."""

REMEDIATIONS = "remediations"
"""Partition in which all remediations are listed by due date."""

STATUSES = "statuses"
"""Partition in which all statuses are listed, by framework and model."""


def active_key(framework_id: str) -> Key:
    """The pointer to a framework's active version."""
    return Key(ACTIVE, framework_id)


def version_key(framework_id: str, version: str) -> Key:
    """An uploaded version of a framework."""
    return Key(f"framework.{framework_id}", version)


def status_partition(model_id: str) -> str:
    """Statuses and their history, of a model."""
    return f"compliance.{model_id}"


def history_key(model_id: str, framework_id: str, at: datetime) -> Key:
    """A change of states; sorts after every status."""
    return Key(status_partition(model_id), f"~{framework_id}.{at:%Y%m%dT%H%M%S.%fZ}")


def counts_key(model_id: str) -> Key:
    """How many requirements are in which state over all frameworks; sorts after every status, before all history."""
    return Key(status_partition(model_id), "~")


def attestation_key(model_id: str, topic: str, at: datetime, attestation_id: str) -> Key:
    """A signature."""
    return Key(f"attestations.{model_id}", f"{topic}.{at:%Y%m%dT%H%M%S.%fZ}.{attestation_id}")


def documents_key(model_id: str, topic: str) -> Key:
    """The documents recorded on a topic, the newest last."""
    return Key(f"documents.{model_id}", topic)


def remediation_key(model_id: str, remediation_id: str) -> Key:
    """A remediation."""
    return Key(f"remediation.{model_id}", remediation_id)


def classification_key(model_id: str, questionnaire: str) -> Key:
    """The answers to a questionnaire."""
    return Key(f"classification.{model_id}", questionnaire)


def applicability_key(framework_id: str) -> Key:
    """The statement of applicability of a framework."""
    return Key("applicability", framework_id)
