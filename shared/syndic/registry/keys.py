"""Where the registry keeps its records. Everything of one model is in one partition, so it can change together."""

from __future__ import annotations

from syndic.ports import Key

POLICIES = "policies.approval"
OVERVIEW = Key("overview", "newest")
"""Key of the counts over all models, as they were counted last."""


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


# --- deployments: all of one endpoint in one partition, so that its slot and a deployment change together ---

DEPLOYMENTS = "deployments.all"
OPEN_DEPLOYMENTS = "deployments.open"


def endpoint_partition(slot: str) -> str:
    """The partition of an endpoint's deployments."""
    return f"endpoint.{slot}"


def slot_key(slot: str) -> Key:
    """Key of an endpoint's slot: how many deployments it had, and which one holds it now."""
    return Key(endpoint_partition(slot), "slot")


def deployment_key(deployment_id: str) -> Key:
    """Key of a deployment; its id begins with its endpoint's slot."""
    return Key(endpoint_partition(deployment_id.partition("-")[0]), f"deployment.{deployment_id}")


def model_deployments(model_id: str) -> str:
    """The partition in which a model's deployments are listed."""
    return f"deployments.model.{model_id}"
