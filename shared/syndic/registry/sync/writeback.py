"""Telling another registry what was decided here on the versions that came from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from syndic.errors import NotFoundError, UnavailableError
from syndic.models import Noun
from syndic.ports import Store
from syndic.records import get_model
from syndic.registry.approvals.requests import list_requests
from syndic.registry.models import ApprovalRequest, RequestState, Stage
from syndic.registry.sync.importer import ForeignRegistry, ForeignVersion, Unsound
from syndic.registry.versions.queries import list_versions
from syndic.registry.versions.stage_listing import version_stages


class ApprovingRegistry(ForeignRegistry, Protocol):
    """A registry whose versions have an approval state of their own."""

    def versions(self, *, after: str | None = None) -> Iterator[ForeignVersion | Unsound]:
        """Every version, always in one order; those after the one with that `foreign_id`, where it is given."""

    def tell_approval(self, foreign_id: str, state: RequestState, *, reason: str, tags: Mapping[str, str]) -> bool:
        """Set the state of a version, the reason, and ``syndic.*`` tags; telling it again changes nothing.

        Returns whether anything was written. Raises `NotFoundError` or `UnavailableError`.
        """


class Told(Noun):
    """What was told, as ``model version``, and what could not be."""

    told: tuple[str, ...]
    unsound: tuple[Unsound, ...]


def tell_approvals(source: ApprovingRegistry, models: Iterable[str], *, store: Store, now: datetime) -> Told:
    """Let the approval states in another registry follow the approvals for production that were asked for here.

    A version for which nobody asked here is left as it is. One whose approval expired, or was withdrawn because the
    version changed, waits for approval again in both registries.
    """
    told: list[str] = []
    unsound: list[Unsound] = []
    for model_id in models:
        requests: dict[str, ApprovalRequest] = {}
        for found in list_requests(store, model_id, now=now):  # newest first
            if found.target is Stage.PRODUCTION:
                requests.setdefault(found.version, found)
        if not requests:  # as for most models: one query each
            continue
        model, stages = get_model(store, model_id), version_stages(store, model_id)
        for version in list_versions(store, model_id):
            foreign_id, request = version.metadata.get("foreign_id"), requests.get(version.version)
            if request is None or not isinstance(foreign_id, str) or version.source != source.name:
                continue
            tags = {
                "syndic.model": model_id,
                "syndic.approval": request.state.value,
                "syndic.request": request.id,
                "syndic.stage": stages[version.version].value,
                "syndic.status": model.compliance_status.value,
            }
            label = f"{model.name} version {version.version}"
            try:
                if source.tell_approval(foreign_id, request.state, reason=_reason(request), tags=tags):
                    told.append(label)
            except (NotFoundError, UnavailableError) as error:
                unsound.append(Unsound(where=label, reason=str(error)))
    return Told(told=tuple(told), unsound=tuple(unsound))


def _reason(request: ApprovalRequest) -> str:
    votes = "; ".join(f"{vote.actor} ({vote.role}) says {vote.decision}: {vote.comment}" for vote in request.votes)
    why = f" ({request.state_reason})" if request.state_reason else ""
    return f"Syndic request {request.id} is {request.state}{why}" + (f". {votes}" if votes else "")
