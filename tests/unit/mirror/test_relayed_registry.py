"""From a workspace to the registry in the other cloud and back: versions are imported, approvals become tags."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from syndic.audit.log import AuditLog
from syndic.mirror.change_log import ChangeLog, GovernedInAws, azure_wants
from syndic.mirror.exchange import Side
from syndic.models import Cloud, ComplianceStatus, imported_id
from syndic.ports import Key, Record
from syndic.records import iterate, list_models
from syndic.registry.approvals.requests import decide, request_approval
from syndic.registry.keys import FOREIGN, TOLD
from syndic.registry.models import ApprovalRequest, Decision, RequestState, Stage, Vote
from syndic.registry.overview import keep_overview
from syndic.registry.sync.foreign import relayed_registries
from syndic.registry.versions.queries import list_versions
from syndic.registry.versions.versions import change_status
from syndic.tasks.registries import keep_in_step, relay_registries
from tests.proof import share
from tests.unit.mirror.fuse import NEVER, Fuse, KilledError, twin
from tests.unit.mirror.two_clouds import MODEL, TwoClouds, contents, found
from tests.unit.registry.workspace import NAME, Workspace

LOAN, CHURN = imported_id(NAME, "car-loan"), imported_id(NAME, "churn")
OF_THE_MOMENT = {"registered_at", "produced_at", "counted_at", "sha256"}  # the hash is of the model as registered


def filled() -> Workspace:
    return Workspace({"car-loan": {"1": {"team": "loans"}, "2": {}}, "churn": {"1": {}, "2": "it is Failed"}})


def cycle(world: TwoClouds, workspace: Workspace, fuse: Fuse | None = None) -> dict[str, list[float]]:
    """One run of Azure's discovery, of the mirror, of AWS's discovery, and of the mirror."""
    counted: dict[str, list[float]] = {}

    def count(name: str, value: float = 1, **_: str) -> None:
        counted.setdefault(name, []).append(value)

    raw, there, listed = world.aws.raw, world.azure.store, workspace
    if fuse is not None:
        raw, there = fuse.around(raw), fuse.around(there)
        guarded = {name: fuse._guard(getattr(workspace, name)) for name in ("models", "versions_of", "tag")}
        listed = SimpleNamespace(name=workspace.name, **guarded)
    own = ChangeLog(there, wanted=azure_wants, clock=world.azure.now)
    here = ChangeLog(raw, wanted=GovernedInAws(raw), clock=world.aws.now)
    relay_registries(SimpleNamespace(store=own, registries=(listed,), count=count))
    sides = {"here": Side(here, world.aws.bus), "there": Side(there, world.azure.bus), "audit": AuditLog(here)}
    world.meet(**sides)
    keep_in_step(
        SimpleNamespace(
            store=here, audit=AuditLog(here), now=world.aws.now, registries=relayed_registries(here), count=count
        )
    )
    world.meet(**sides)
    return counted


def settle(world: TwoClouds, workspace: Workspace) -> dict[str, list[float]]:
    for _ in range(3):
        world.later(timedelta(minutes=5))
        cycle(world, workspace)
    world.later(timedelta(minutes=5))
    return cycle(world, workspace)


def approve(world: TwoClouds, model_id: str = LOAN, decision: Decision = Decision.APPROVE) -> ApprovalRequest:
    """Two people of different duties decide on version 1."""
    request = request_approval(model_id, "1", Stage.PRODUCTION, actor="ann", **world.aws.common)
    for actor, role in (("pia", "ml_engineer"), ("bob", "product_owner")):
        vote = Vote(actor=actor, role=role, decision=decision, comment="looked at it", at=world.aws.now())
        request = decide(model_id, request.id, vote, held_roles=[role], **world.aws.common)
        if request.state is RequestState.REJECTED:
            break
    return request


def tags_of(workspace: Workspace, model: str = "car-loan", version: str = "1") -> Mapping[str, str]:
    held = workspace.held[model][version]
    assert isinstance(held, dict)
    return held


def test_versions_of_a_workspace_are_in_the_registry_and_approvals_become_their_tags() -> None:
    world, workspace = found(), filled()
    settle(world, workspace)
    assert {model.id: model.cloud for model in list_models(world.aws.store)} == dict.fromkeys(
        (MODEL, LOAN, CHURN), Cloud.AZURE
    )
    assert [one.version for one in list_versions(world.aws.store, LOAN)] == ["1", "2"]
    assert [one.version for one in list_versions(world.aws.store, CHURN)] == ["1"]
    assert tags_of(workspace) == {"team": "loans"}

    request = approve(world)
    assert request.state is RequestState.APPROVED
    counted = settle(world, workspace)

    assert tags_of(workspace) == {
        "team": "loans", "syndic.model": LOAN, "syndic.approval": "approved", "syndic.request": request.id,
        "syndic.stage": "development", "syndic.status": "draft",
    }  # fmt: skip
    assert (tags_of(workspace, version="2"), tags_of(workspace, "churn")) == ({}, {})
    assert workspace.tried == ["car-loan 1"]
    assert counted["VersionsRelayed"] == counted["VersionsTold"] == counted["VersionsImported"] == [0]


def test_a_rejection_and_a_change_of_status_follow() -> None:
    world, workspace = found(), filled()
    settle(world, workspace)
    approve(world, decision=Decision.REJECT)
    settle(world, workspace)
    assert tags_of(workspace)["syndic.approval"] == "rejected"
    change_status(LOAN, ComplianceStatus.UNDER_REVIEW, reason="begun", actor="ann", **world.aws.common)
    settle(world, workspace)
    assert tags_of(workspace)["syndic.status"] == "under_review"


def test_what_was_only_imported_does_not_go_back_to_azure() -> None:
    world, workspace = found(), filled()
    settle(world, workspace)
    approve(world)
    settle(world, workspace)
    assert [model.id for model in list_models(world.azure.store)] == [MODEL]
    assert list(iterate(world.azure.store, f"evidence.{LOAN}")) == []
    assert len(list(iterate(world.azure.store, TOLD))) == 1


def test_a_version_that_was_deleted_stays_in_the_registry_and_is_told_of_nothing() -> None:
    world, workspace = found(), filled()
    settle(world, workspace)
    approve(world)
    del workspace.held["car-loan"]["1"]
    settle(world, workspace)
    assert [one.version for one in list_versions(world.aws.store, LOAN)] == ["1", "2"]
    assert workspace.tried == []


def test_a_workspace_that_becomes_unreadable_changes_nothing_in_the_registry() -> None:
    world, workspace = found(), filled()
    settle(world, workspace)
    before = timeless(contents(world.aws.raw))
    workspace.refuse = "AuthorizationFailed: not yours"
    counted = settle(world, workspace)
    after = timeless(contents(world.aws.raw))
    assert {key for key in after if after[key] != before[key]} == {next(key for key in after if " source." in key)}
    assert (counted["VersionsImported"], counted["VersionsTold"]) == ([0], [0])


def test_neither_cloud_can_change_what_the_other_says_of_a_registry() -> None:
    world, workspace = found(), filled()
    settle(world, workspace)
    forged = Key(FOREIGN, "version.forged"), Key(TOLD, "forged")
    world.aws.store.put(Record(forged[0], {}))
    world.azure.own.put(Record(forged[1], {}))
    world.later(timedelta(minutes=5))
    world.meet()
    assert world.azure.store.get(forged[0]) is None
    assert world.aws.raw.get(forged[1]) is None


def timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: timeless(one) for key, one in value.items() if key not in OF_THE_MOMENT}
    return [timeless(one) for one in value] if isinstance(value, list) else value


def ends(world: TwoClouds, workspace: Workspace) -> tuple[Any, ...]:
    settle(world, workspace)
    keep_overview(world.aws.store, now=world.aws.now(), daily=True)
    here, there = timeless(contents(world.aws.raw)), timeless(contents(world.azure.store))
    return here, there, workspace.held


def begun() -> tuple[TwoClouds, Workspace]:
    """Nothing was listed yet."""
    return found(), filled()


def decided() -> tuple[TwoClouds, Workspace]:
    """An approval waits to be told; a version is new, one changed and one was deleted."""
    world, workspace = begun()
    settle(world, workspace)
    approve(world)
    workspace.held["car-loan"]["3"] = {}
    workspace.held["churn"]["1"] = {"team": "customers"}
    del workspace.held["car-loan"]["2"]
    world.later(timedelta(minutes=5))
    return world, workspace


def told() -> tuple[TwoClouds, Workspace]:
    """The approval is known in Azure and not yet in the workspace."""
    world, workspace = decided()
    cycle(world, workspace)
    world.later(timedelta(minutes=5))
    assert "syndic.approval" not in tags_of(workspace)
    return world, workspace


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("start", [begun, decided, told])
def test_killed_at_any_call_the_next_runs_end_the_same(start: Any, after: bool) -> None:
    first, held = start()
    expected = ends(twin(first), deepcopy(held))
    whole = Fuse(NEVER, after=after)
    cycle(twin(first), deepcopy(held), whole)
    assert whole.calls > 40
    for at in share(range(whole.calls), 4, of=after):
        world, workspace = twin(first), deepcopy(held)
        with pytest.raises(KilledError):
            cycle(world, workspace, Fuse(at, after=after))
        assert ends(world, workspace) == expected, at
