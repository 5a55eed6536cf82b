"""Azure's first deployment, while its roles are not known everywhere."""

from __future__ import annotations

import pytest

from functions.azure_stack.progress import PUBLICATIONS
from syndic.errors import ConflictError
from tests.infra.azure_requests import World
from tests.infra.azure_world import azure_arm
from tests.infra.fake_arm import error, served
from tests.vendors.azure import SlowRoles


@pytest.mark.parametrize("requests", [1, 5, 12, 25])
def test_the_first_deployment_outlives_roles_that_are_not_known_yet(requests: int) -> None:
    fake = SlowRoles(azure_arm(), requests=requests)
    with served(fake) as address:
        said = World(fake, address).run("Create", 1)
    assert said["Data"]["mirrorClientId"]
    (app,) = fake.resources.published
    assert app.endswith(f"/sites/{said['Data']['appName']}")


def test_a_package_that_never_works_ends_with_its_reason_after_bounded_tries() -> None:
    fake = SlowRoles(azure_arm(), requests=10_000)
    with served(fake) as address, pytest.raises(ConflictError, match="BlobUploadFailedException"):
        World(fake, address).run("Create", 1)
    assert sum(call.startswith("PUT") and "syndic-package" in call for call in fake.calls) == PUBLICATIONS


@pytest.mark.parametrize(("name", "state"), [("syndic-results", "Failed"), ("syndic", "failed")])
def test_a_right_to_deploy_that_is_new_is_waited_for_too(name: str, state: str) -> None:
    fake = azure_arm()
    refused = error("DeploymentFailed", "Failed.", {"code": "AuthorizationFailed", "message": "no authorization"})
    fake.failing[name] = {"state": state, "error": refused["error"]}
    puts: list[str] = []
    answer = fake.answer

    def forgiving(method: str, url: str, headers: dict[str, str], data: bytes) -> object:
        if method == "PUT":
            puts.append(url)
        if len(puts) >= 3:
            fake.failing.clear()
        return answer(method, url, headers, data)

    fake.answer = forgiving  # type: ignore[method-assign, assignment]
    with served(fake) as address:
        assert World(fake, address).run("Create", 1)["Data"]["appName"]
