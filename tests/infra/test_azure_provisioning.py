"""The custom resource against a strict control plane: refused, late, lost or killed, the end is the same."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from functions.azure_stack.arm import Arm
from syndic.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    SyndicError,
    UnavailableError,
)
from tests.infra.azure_world import (
    GROUP,
    SIGNATURE,
    SUBSCRIPTION,
    MemoryFiles,
    azure_arm,
    choices,
    properties,
    request,
    waited_for,
)
from tests.infra.fake_arm import FakeArm, error, served

STACK_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Resources/deploymentStacks/syndic"


class Killed(BaseException):
    """The process ends here."""


class World:
    """A control plane, the functions' client of it, and one set of files."""

    def __init__(self, fake: FakeArm, address: str) -> None:
        self.fake, self.address = fake, address
        self.files = MemoryFiles()
        self.wanted = properties(choices(), self.files)
        self.token_calls = 10_000
        self._new_client()

    def _new_client(self) -> None:
        self.arm = Arm(lambda: self.fake.token(self.token_calls), address=self.address, pool=Pool(self))

    def run(self, kind: str, number: int, *, physical: str | None = STACK_ID, **options: Any) -> dict[str, Any]:
        wanted = options.pop("wanted", self.wanted)
        event = request(kind, number, wanted, None if kind == "Create" else physical)
        return waited_for(event, lambda _: self.arm, self.files, **options)

    def state(self) -> dict[str, Any]:
        return copy.deepcopy(self.fake.snapshot())


class Pool(urllib3.PoolManager):
    """Sends requests, and dies or hears nothing where it is told to."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.sent = world, 0
        self.killed_before: set[int] = set()
        self.killed_after: set[int] = set()
        self.unheard: set[int] = set()

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        self.sent += 1
        if self.sent in self.killed_before:
            raise Killed
        answer = super().request(method, url, *arguments, **options)
        if self.sent in self.killed_after:
            raise Killed
        if self.sent in self.unheard:
            raise urllib3.exceptions.ReadTimeoutError(None, url, "Read timed out.")  # type: ignore[arg-type]
        return answer


@pytest.fixture
def fake() -> FakeArm:
    return azure_arm()


@pytest.fixture
def world(fake: FakeArm) -> Iterator[World]:
    with served(fake) as address:
        yield World(fake, address)


def again(world: World) -> World:
    """The same Azure, before anything was asked of it."""
    fresh = azure_arm()
    world.fake.__dict__.update({name: value for name, value in vars(fresh).items() if name != "_lock"})
    return World(world.fake, world.address)


@pytest.fixture
def created(world: World) -> tuple[dict[str, Any], int]:
    """What is there after a creation in which nothing went wrong, and how many calls that took."""
    world.run("Create", 1)
    return world.state(), len(world.fake.calls)


def test_creation_brings_up_results_compute_and_code_in_this_order(world: World) -> None:
    said = world.run("Create", 1)
    puts = [call.rsplit("/", 1)[-1].rsplit("-", 1)[0] for call in world.fake.calls if call.startswith("PUT")]
    assert puts == ["syndic-results", "syndic", "syndic-package"]
    assert said["PhysicalResourceId"] == STACK_ID
    assert said["Data"]["mirrorClientId"]
    assert said["Data"]["resultsAccount"].startswith("syndicdata")
    (app,) = world.fake.resources.published
    assert app.endswith(f"/sites/{said['Data']['appName']}")
    assert world.fake.resources.published[app].endswith("/one.zip")


def test_nothing_happens_twice_when_the_same_request_is_tried_again(world: World) -> None:
    first = world.run("Create", 1)
    state, calls = world.state(), len(world.fake.calls)
    assert world.run("Create", 1) == first
    assert world.state() == state
    assert not [call for call in world.fake.calls[calls:] if not call.startswith("GET")]


def test_an_update_changes_what_is_wanted_and_deletes_what_is_not(world: World) -> None:
    world.run("Create", 1)
    before = set(world.fake.resources.there)
    fewer = properties(choices(workspaces=[choices().workspaces[0].__str__()]), world.files, code="two")
    said = world.run("Update", 2, wanted=fewer)
    assert said["PhysicalResourceId"] == STACK_ID
    gone = before - set(world.fake.resources.there)
    assert len(gone) == 1
    assert "workspaces/churn/providers/Microsoft.Authorization/roleAssignments/" in gone.pop()
    assert next(iter(world.fake.resources.published.values())).endswith("/two.zip")


def test_a_rollback_brings_back_what_was_there(world: World) -> None:
    world.run("Create", 1)
    state = world.state()
    changed = properties(choices(memory_mb=4096), world.files, code="two")
    world.fake.failing["syndic-package"] = {"state": "Failed", "error": error("Bad", "The package is broken.")["error"]}
    with pytest.raises(ConflictError, match=r"syndic-package-\w+ failed: Bad: The package is broken\."):
        world.run("Update", 2, wanted=changed)
    assert world.state() != state
    world.fake.failing.clear()
    world.run("Update", 3)  # CloudFormation's: another request with the old properties
    assert world.state() == state


def test_deletion_takes_everything_but_the_results_and_what_was_not_syndics(world: World) -> None:
    world.run("Create", 1)
    said = world.run("Delete", 2)
    assert said["PhysicalResourceId"] == STACK_ID
    left = {name.split("/providers/", 1)[1] for name in world.fake.resources.there}
    accounts = {name for name in left if name.count("/") == 2 and "storageAccounts" in name}
    assert {name.rsplit("/", 1)[-1][:10] for name in accounts} == {"syndicdata", "creditstor", "churnstore"}
    assert not [name for name in left if "roleAssignments" in name or "Microsoft.Web" in name or "Identity" in name]
    assert [name for name in left if name.endswith("/queues/syndic-drift")]
    assert [name for name in left if name.endswith("/tables/syndicrecords")]


def test_what_was_deleted_can_be_created_again_over_the_kept_results(world: World) -> None:
    world.run("Create", 1)
    state = world.state()
    world.run("Delete", 2)
    world.run("Create", 3)
    assert world.state() == state


@pytest.mark.parametrize(
    "physical", ["AWSCDK::CustomResourceProviderFramework::CREATE_FAILED", "Syndic-Azure-1X2Y3Z", None]
)
def test_deleting_what_never_was_succeeds_without_a_call(world: World, physical: str | None) -> None:
    world.run("Delete", 1, physical=physical)
    assert not world.fake.calls


def test_deleting_what_is_gone_succeeds(world: World) -> None:
    world.run("Delete", 1)
    assert len(world.fake.calls) == 1


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
    world.fake.failing["delete syndic"] = {
        "state": "failed", "error": error("StackDeleteFailed", "x", {"code": "ScopeLocked", "message": "A lock."})["error"],
    }  # fmt: skip
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


def test_a_missing_property_is_named() -> None:
    files = MemoryFiles()
    wanted = properties(choices(), files)
    del wanted["tenant"]
    with pytest.raises(InvalidInputError, match=r"custom resource: ResourceProperties\.tenant"):
        waited_for(request("Create", 1, wanted), lambda _: pytest.fail("nothing is asked"), files)


def test_the_fake_is_as_strict_as_it_says(world: World) -> None:
    pool, url = urllib3.PoolManager(), world.address + STACK_ID
    signed = {"Authorization": f"Bearer {world.fake.token()}"}

    def code(method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> str:
        answer = pool.request(method, url, headers=headers, body=body, retries=False).json()
        return str(answer["error"]["code"])

    assert code("GET", f"{url}?api-version=2024-03-01", {}) == "AuthenticationFailed"
    assert code("GET", url, signed) == "MissingApiVersionParameter"
    assert code("GET", f"{url}?api-version=2022-09-01", signed) == "InvalidApiVersionParameter"
    assert code("GET", f"{url}/more?api-version=2024-03-01", signed) == "InvalidResourceType"
    assert code("GET", f"{url}?api-version=2024-03-01", signed) == "DeploymentStackNotFound"
    elsewhere = url.replace(GROUP, "nowhere")
    assert code("PUT", f"{elsewhere}?api-version=2024-03-01", signed, b"{}") == "ResourceGroupNotFound"
    assert code("PUT", f"{url}?api-version=2024-03-01", signed, b"{}") == "InvalidRequestContent"
