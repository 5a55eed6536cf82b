"""Where the registry keeps its records. Everything of one model is in one partition, so it can change together."""

from __future__ import annotations

import hashlib

from syndic.ports import Key

POLICIES = "policies.approval"
WAITING = "approvals.waiting"
"""Listing of requests for approval that wait for votes, by the end of their time."""

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


def gateway_key(model_id: str) -> Key:
    """How a model is served by the gateway. Deployments ask whether it is."""
    return Key(partition(model_id), "gateway")


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


# --- registries that only the other cloud can read: what they list, and what they are to be told ---

FOREIGN = "registry.foreign"
TOLD = "registry.told"
READ = "registry.read"


def relayed_key(source: str) -> Key:
    """Key of what is known of a relayed registry itself. Its name holds any text."""
    return Key(FOREIGN, f"source.{_hashed(source, 16)}")


def listed_prefix(source: str) -> str:
    """What the sort keys of a relayed registry's versions begin with."""
    return f"version.{_hashed(source, 16)}."


def listed_key(source: str, foreign_id: str) -> Key:
    """Key of a version as a relayed registry lists it, by that registry's own id."""
    return Key(FOREIGN, listed_prefix(source) + _hashed(foreign_id, 32))


def told_prefix(source: str) -> str:
    """What the sort keys of what a relayed registry is to be told begin with."""
    return f"{_hashed(source, 16)}."


def told_key(source: str, foreign_id: str) -> Key:
    """Key of what a relayed registry is to be told of a version."""
    return Key(TOLD, told_prefix(source) + _hashed(foreign_id, 32))


def _hashed(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def read_key(source: str) -> Key:
    """Key of how far another registry was read."""
    return Key(READ, _hashed(source, 32))
