"""The custom resource against a strict control plane: what is made, changed, brought back, deleted, and what stays."""

from __future__ import annotations

import pytest
import urllib3

from syndic.errors import ConflictError, InvalidInputError
from tests.infra.azure_requests import STACK_ID, World
from tests.infra.azure_world import GROUP, MemoryFiles, choices, properties, request, waited_for
from tests.infra.fake_arm import error


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


def test_a_group_written_with_other_capitals_is_the_same_stack(world: World) -> None:
    """With another id CloudFormation would take the new stack for a second one and delete the old: the same."""
    world.run("Create", 1)
    state = world.state()
    said = world.run("Update", 2, wanted=properties(choices(resource_group=GROUP.upper()), world.files))
    assert said["PhysicalResourceId"] == STACK_ID
    assert world.state() == state


def test_another_group_is_another_stack_and_the_old_one_goes(world: World) -> None:
    world.run("Create", 1)
    moved = properties(choices(resource_group="models"), world.files)
    said = world.run("Update", 2, wanted=moved)
    assert said["PhysicalResourceId"] == STACK_ID.replace(GROUP, "models")
    world.run("Delete", 3, physical=STACK_ID)  # CloudFormation's, once the update is done
    (app,) = (name for name in world.fake.resources.there if "Microsoft.Web/sites" in name)
    assert "/resourceGroups/models/" in app


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
