"""The custom resource when Azure refuses, is busy, loses a call, or a function dies: one end, or one reason."""

from __future__ import annotations

from typing import Any

import pytest

from syndic.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    SyndicError,
    UnavailableError,
)
from tests.infra.azure_requests import STACK_ID, Killed, Pool, World, again
from tests.infra.azure_world import SIGNATURE, choices, properties
from tests.infra.fake_arm import FakeArm, error, served


@pytest.fixture
def created(world: World) -> tuple[dict[str, Any], int]:
    """What is there after a creation in which nothing went wrong, and how many calls that took."""
    world.run("Create", 1)
    return world.state(), len(world.fake.calls)


@pytest.mark.parametrize("moment", ["killed_before", "killed_after", "unheard"])
@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
def test_killed_or_unheard_at_any_call_the_end_is_the_same(world: World, kind: str, moment: str) -> None:
    def prepared(world: World) -> dict[str, str]:
        if kind != "Create":
            world.run("Create", 1)
        return properties(choices(memory_mb=512), world.files, code="two") if kind == "Update" else world.wanted

    wanted = prepared(world)
    before = len(world.fake.calls)
    expected_answer = world.run(kind, 2, wanted=wanted)
    expected, calls = world.state(), len(world.fake.calls) - before
    assert calls >= 4
    for at in range(1, calls + 1):
        fresh = again(world)
        wanted = prepared(fresh)
        pool = fresh.arm._pool
        assert isinstance(pool, Pool)
        getattr(pool, moment).add(pool.sent + at)
        assert fresh.run(kind, 2, wanted=wanted, interrupt=Killed) == expected_answer
        assert fresh.state() == expected, f"{moment} {at}"


TRANSIENT = [
    (429, error("TooManyRequests", "Number of requests exceeded."), {"Retry-After": "17"}),
    (500, error("InternalServerError", "Encountered internal server error."), {}),
    (503, b"<html>busy</html>", {}),
    (504, None, {}),
    (409, error("DeploymentActive", "The deployment cannot be saved, it would overwrite an active one."), {}),
    (401, error("ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than now."), {}),
    (403, error("AuthorizationFailed", "The client does not have authorization to perform the action."), {}),
]  # fmt: skip


@pytest.mark.parametrize("answer", TRANSIENT, ids=lambda answer: str(answer[0]))
@pytest.mark.parametrize("kind", ["Create", "Delete"])
def test_an_answer_that_may_change_is_waited_out_at_each_step(
    world: World, kind: str, answer: tuple[int, Any, dict[str, str]]
) -> None:
    def prepared(world: World) -> int:
        if kind == "Delete":
            world.run("Create", 1)
        return len(world.fake.calls)

    before = prepared(world)
    world.run(kind, 2)
    expected, calls = world.state(), len(world.fake.calls) - before
    for at in range(1, calls + 1):
        fresh = again(world)
        fresh.fake.injected[prepared(fresh) + at] = answer
        fresh.run(kind, 2)
        assert fresh.state() == expected, f"{answer[0]} at call {at}"


LASTING = [
    (400, error("InvalidTemplateDeployment", "The template deployment is not valid.",
                {"code": "ValidationForResourceFailed", "message": "Validation failed for a resource.",
                 "details": [{"code": "FlexNotOffered", "message": "Flex is not offered in moonbase."}]}),
     InvalidInputError, "FlexNotOffered: Flex is not offered in moonbase."),
    (403, error("AuthorizationFailed", "The client has no authorization."), NotAllowedError, "no authorization"),
    (404, error("ResourceGroupNotFound", "Group 'x' was not found."), NotFoundError, "ResourceGroupNotFound"),
    (409, error("InvalidResourceGroupLocation", "The group is elsewhere."), ConflictError, "The group is elsewhere."),
    (429, error("TooManyRequests", "Not now."), UnavailableError, "Not now."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "kind", "text"), LASTING, ids=lambda value: str(value) if isinstance(value, int) else ""
)
def test_an_answer_that_stays_becomes_one_clear_reason(
    world: World, created: tuple[dict[str, Any], int], status: int, body: Any, kind: type[SyndicError], text: str
) -> None:
    puts = [at for at, call in enumerate(world.fake.calls, start=1) if call.startswith("PUT")]
    for put in puts:
        fresh = again(world)
        fresh.fake.injected |= {at: (status, body, {}) for at in range(put, 500)}
        with pytest.raises(kind) as caught:
            fresh.run("Create", 1)
        said = str(caught.value)
        assert text in said
        assert f"{status}" in said
        assert SIGNATURE not in said
        assert "\n" not in said


@pytest.mark.parametrize("name", ["syndic-results", "syndic", "syndic-package"])
@pytest.mark.parametrize("state", ["Failed", "Canceled"])
def test_a_step_that_fails_says_its_innermost_reason(world: World, name: str, state: str) -> None:
    inner = '{"error": {"code": "PrincipalNotFound", "message": "Principal abc does not exist."}}'
    nested = error("DeploymentFailed", "See details.", {"code": "Conflict", "message": inner})["error"]
    world.fake.failing[name] = {"state": state.lower() if name == "syndic" else state, "error": nested}
    with pytest.raises(ConflictError, match="PrincipalNotFound: Principal abc does not exist") as caught:
        world.run("Create", 1)
    assert "See details" not in str(caught.value)
    world.fake.failing = {}
    world.run("Create", 2)  # a person tries again
    assert world.fake.resources.published


def test_deletion_that_cannot_be_done_is_tried_for_a_while_and_then_says_why(world: World) -> None:
    world.run("Create", 1)
    locked = error("StackDeleteFailed", "x", {"code": "ScopeLocked", "message": "A lock."})["error"]
    world.fake.failing["delete syndic"] = {"state": "failed", "error": locked}
    with pytest.raises(ConflictError, match="ScopeLocked: A lock"):
        world.run("Delete", 2)
    assert len([call for call in world.fake.calls if call.startswith("DELETE")]) > 2
    world.fake.failing.clear()
    world.run("Delete", 3)
    assert STACK_ID not in world.fake.items


def test_a_stack_that_failed_to_deploy_is_deleted_all_the_same(world: World) -> None:
    world.fake.failing["syndic"] = {"state": "failed", "error": error("Bad", "No.")["error"]}
    with pytest.raises(ConflictError):
        world.run("Create", 1)
    world.run("Delete", 2)
    assert STACK_ID not in world.fake.items


def test_a_deletion_waits_for_a_deployment_that_still_runs(world: World) -> None:
    world.fake.sticking.add("syndic")
    with pytest.raises(ConflictError, match="did not finish in 50 minutes"):
        world.run("Create", 1)
    with pytest.raises(UnavailableError, match="DeploymentStackInNonTerminalState"):
        world.run("Delete", 2)
    world.fake.sticking.clear()
    world.run("Delete", 3)
    assert STACK_ID not in world.fake.items


def test_an_expired_token_is_renewed_in_the_middle(world: World, created: tuple[dict[str, Any], int]) -> None:
    fresh = again(world)
    fresh.token_calls = 1
    fresh.run("Create", 1)
    assert fresh.state() == created[0]
    assert len(fresh.fake.tokens) > 5


def test_no_answer_at_all_is_waited_for_then_said(fake: FakeArm) -> None:
    with served(fake) as address:
        world = World(fake, address)
    with pytest.raises(UnavailableError, match="no answer"):
        world.run("Create", 1)
