"""Which cloud owns which record. What no rule names stays where it is.

AWS governs: profiles, policies, frameworks. Azure observes: its endpoints, and the results of checks that run next to
its captured traffic. Only a model's own record has fields of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from syndic.models import Cloud, RegisteredModel
from syndic.ports import Key, Record, Store
from syndic.records import ASIDE, MODELS, iterate


@dataclass(frozen=True, slots=True)
class Rule:
    """Records of one owner. The first rule that names a key decides."""

    owner: Cloud
    partition: str  # the whole name, or with a dot at its end what it begins with
    sorts: tuple[str, ...] = ("",)  # what the sort key begins with
    listed_in: str | None = None  # where all of them are found, when the partition's name does not end in a model's id

    @property
    def of_models(self) -> bool:
        """Whether each model has its own such partition."""
        return self.partition.endswith(".") and self.listed_in is None

    def names(self, key: Key) -> bool:
        """Whether the rule is about a key."""
        if self.partition.endswith("."):
            placed = key.partition.startswith(self.partition)
        else:
            placed = key.partition == self.partition
        return placed and key.sort.startswith(self.sorts)


RULES: Final = (
    Rule(Cloud.AZURE, "discovery.sources"),
    Rule(Cloud.AZURE, "registry.foreign"),
    Rule(Cloud.AWS, "registry.told"),
    Rule(Cloud.AZURE, "drift."),
    Rule(Cloud.AZURE, "quality."),
    Rule(Cloud.AZURE, "bias."),
    Rule(Cloud.AZURE, "evidence.", ("drift.", "quality.", "bias.", "capture.")),
    Rule(Cloud.AZURE, "model.", ("baseline", "onboarding")),
    Rule(Cloud.AWS, "model.", ("policy.drift", "policy.quality", "policy.bias")),
    Rule(Cloud.AWS, "evidence."),
    Rule(Cloud.AWS, "retention"),
    Rule(Cloud.AWS, "frameworks"),
    Rule(Cloud.AWS, "framework.", listed_in="framework_versions"),
)

# Fields of a registered model that Azure's discovery observes. All others are AWS's.
OBSERVED: Final = frozenset({"id", "cloud", "endpoint", "presence", "last_seen_at", "tags", "registered_at"})
GOVERNED: Final = frozenset(RegisteredModel.model_fields) - OBSERVED


def owner_of(key: Key) -> Cloud | None:
    """The cloud that owns a record; None: the record crosses no border. Models' own records belong to both."""
    if key.sort.startswith(ASIDE):  # what is untold is told by the cloud that wrote it
        return None
    return next((rule.owner for rule in RULES if rule.names(key)), None)


def crosses(key: Key, owner: Cloud) -> bool:
    """Whether a change of a record in the owner's cloud is carried to the other."""
    return is_model(key) or owner_of(key) is owner


def is_model(key: Key) -> bool:
    """Whether a key is that of a model's own record."""
    return key.partition == MODELS and not key.sort.startswith(ASIDE)


def model_of(key: Key) -> str | None:
    """Id of the model that a record is about, or None when it is about no single one."""
    if key.partition == MODELS:
        return key.sort
    rule = next((rule for rule in RULES if rule.names(key)), None)
    return key.partition.removeprefix(rule.partition) if rule is not None and rule.of_models else None


def runs_in_azure(model: Mapping[str, Any]) -> bool:
    """Whether a model, as it is stored, has an endpoint in Azure. One imported from a registry there has none."""
    return model["cloud"] == Cloud.AZURE and model.get("endpoint") is not None


def partitions_of(store: Store, owner: Cloud) -> list[str]:
    """Every partition in which a cloud has records that cross, in a fixed order."""
    found = {MODELS}
    models: list[str] | None = None
    for rule in RULES:
        if rule.owner is not owner:
            continue
        if rule.of_models:
            if models is None:
                models = [record.key.sort for record in iterate(store, MODELS) if runs_in_azure(record.body)]
            found |= {f"{rule.partition}{model_id}" for model_id in models}
        else:
            found.add(rule.listed_in or rule.partition)
    return sorted(found)


def keys_in(store: Store, partition: str, owner: Cloud, *, token: str | None = None) -> tuple[list[Key], str | None]:
    """Keys of one page of a partition's records, or of those that it lists, that cross; and the next page's token."""
    page = store.query(partition, end=ASIDE, limit=100, token=token)
    return [record.key for record in page.records if is_copied(record, owner)], page.next_token


def is_copied(record: Record, owner: Cloud) -> bool:
    """Whether a record is carried over when everything is: AWS also holds models that are no business of Azure's."""
    if record.key.partition == MODELS and owner is Cloud.AWS:
        return runs_in_azure(record.body)
    return crosses(record.key, owner)
