"""Where the registry keeps its records. Everything of one model is in one partition, so it can change together."""

from __future__ import annotations

from syndic.ports import Key

POLICIES = "policies.approval"


def partition(model_id: str) -> str:
    """The partition of a model's own records."""
    return f"model.{model_id}"


def version_key(model_id: str, version: str) -> Key:
    """Key of a version."""
    return Key(partition(model_id), f"version.{version}")


def stages_key(model_id: str) -> Key:
    """Key of the stages of all versions: the one record every stage change goes through."""
    return Key(partition(model_id), "stages")


def approval_key(model_id: str, request_id: str) -> Key:
    """Key of an approval request."""
    return Key(partition(model_id), f"approval.{request_id}")


def policy_choice_key(model_id: str) -> Key:
    """Key of the name of the approval policy a model is under."""
    return Key(partition(model_id), "policy.approval")


def policy_key(name: str) -> Key:
    """Key of a custom approval policy."""
    return Key(POLICIES, name)
