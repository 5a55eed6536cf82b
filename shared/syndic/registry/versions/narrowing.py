"""Which of some models stand in a certain way: by their checks, by a framework. Read for a page of models at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from syndic.assessment import State
from syndic.models import Evidence, EvidenceStatus, RegisteredModel
from syndic.ports import Store
from syndic.records import ENDED, evidence_key, status_key

CHECKS: Final = ("drift.run", "quality.run", "bias.run")
UNCHECKED: Final = "none"

Model = TypeVar("Model", bound=RegisteredModel)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What no listing holds, because it changes with every check and evaluation."""

    checks: str | None = None
    """The worst of the newest checks, as in the overview: failing, inconclusive, passing; `UNCHECKED` without any."""

    verdict: str | None = None
    """That at least one of the newest checks gave."""

    framework: str | None = None
    """By which at least one requirement applies."""

    def of(self, models: Sequence[Model], store: Store) -> list[Model]:
        """Those models that stand so, in their order. At most two reads of the store."""
        left = list(models)
        if left and (self.checks or self.verdict):
            found = _checks_of(left, store)
            left = [one for one in left if self._checked(found[one.id])]
        if left and self.framework:
            statuses = store.get_many([status_key(one.id, self.framework) for one in left])
            left = [
                one for one in left
                if (record := statuses.get(status_key(one.id, self.framework))) is not None and _applies(record.body)
            ]  # fmt: skip
        return left

    def _checked(self, found: list[Evidence]) -> bool:
        worst = worst_of(found)
        return self.checks in {None, worst} and (
            self.verdict is None or any(one.facts.get("verdict") == self.verdict for one in found)
        )


def worst_of(evidence: Sequence[Evidence]) -> str:
    """Failing if any is, else inconclusive if any is, else passing; `UNCHECKED` without evidence."""
    states = {item.status for item in evidence}
    for state in (EvidenceStatus.FAILING, EvidenceStatus.INCONCLUSIVE, EvidenceStatus.PASSING):
        if state in states:
            return state.value
    return UNCHECKED


def _checks_of(models: Sequence[RegisteredModel], store: Store) -> dict[str, list[Evidence]]:
    keys = {model.id: [evidence_key(model.id, kind) for kind in CHECKS] for model in models}
    found = store.get_many([key for own in keys.values() for key in own])
    return {
        identity: [Evidence.model_validate(found[key].body) for key in own if key in found]
        for identity, own in keys.items()
    }


def _applies(body: Mapping[str, Any]) -> bool:
    if body.get(ENDED):
        return False
    return any(one["state"] != State.NOT_APPLICABLE.value for one in body["status"]["requirements"])
