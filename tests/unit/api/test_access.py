from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.api.access.authorization import PREFIX, route_of
from functions.api.access.callers import Caller, caller_of, require_change
from functions.api.access.permissions import TABLE
from functions.api.problems import NotOfferedError, NotSignedInError
from syndic.errors import NotAllowedError, NotFoundError, SyndicError
from syndic.models import RegisteredModel

MODEL = RegisteredModel.model_validate(
    {"id": "m-1", "name": "m", "cloud": "aws", "owner": "Olga@example.org", "registered_at": "2026-01-01T00:00:00Z"}
)


def event(**claims: Any) -> dict[str, Any]:
    return {"requestContext": {"authorizer": {"claims": claims}}}


@pytest.mark.parametrize(("method", "route"), TABLE)
def test_a_route_is_found_by_its_path(method: str, route: str) -> None:
    path = PREFIX + route.replace("<model_id>", "m-1").replace("<alert_id>", "a").replace("<framework_id>", "f")

    assert route_of(method, path) == route
    assert route_of(method, path + "/") == route


@pytest.mark.parametrize(
    "path",
    ["", "/", "/models", "/api/v1", "/api/v1/", "/api/v10/models", "/api/v1/modelsx", "/api/v1/models/a/drift/x",
     "/API/v1/models", "/api/v1//models", "/api/v1/models\n", "/api/v1/models/a/drift\n", "/api/v1/../v1/models"],
)  # fmt: skip
def test_other_paths_lead_nowhere(path: str) -> None:
    with pytest.raises(NotFoundError):
        route_of("GET", path)


def test_other_methods_are_said_to_be_missing() -> None:
    with pytest.raises(NotOfferedError) as caught:
        route_of("PUT", f"{PREFIX}/models/m-1")
    assert caught.value.allowed == ("DELETE", "GET", "PATCH")


@given(st.text(), st.text())
def test_any_path_gives_a_route_or_a_sentence(method: str, path: str) -> None:
    try:
        assert (method, route_of(method, PREFIX + path)) in TABLE
    except SyndicError as error:
        assert str(error)  # noqa: PT017


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"cognito:username": "a", "cognito:groups": "admin"},
        {"cognito:username": "a", "token_use": "access", "cognito:groups": "admin"},
        {"cognito:username": "", "token_use": "id"},
        {"username": "a", "token_use": "id"},
        {"cognito:username": ["a"], "token_use": "id"},
    ],
)
def test_claims_that_are_no_id_token_are_nobody(claims: dict[str, Any]) -> None:
    with pytest.raises(NotSignedInError):
        caller_of(event(**claims))


@pytest.mark.parametrize("context", [{}, {"requestContext": None}, {"requestContext": {"authorizer": None}}])
def test_no_authorizer_is_nobody(context: dict[str, Any]) -> None:
    with pytest.raises(NotSignedInError):
        caller_of(context)


@pytest.mark.parametrize("groups", ["admin,auditor", "[admin auditor]", ["admin", "auditor"], "admin, auditor"])
def test_groups_are_read_in_every_form(groups: Any) -> None:
    caller = caller_of(event(**{"cognito:username": "a", "token_use": "id", "cognito:groups": groups}))

    assert caller.roles == {"admin", "auditor"}


def test_a_group_that_only_contains_a_role_is_not_that_role() -> None:
    caller = caller_of(event(**{"cognito:username": "a", "token_use": "id", "cognito:groups": "not-admin,admins"}))

    assert not caller.roles & {"admin"}


@pytest.mark.parametrize(
    ("email", "roles", "may"),
    [
        ("olga@example.org", {"model_owner"}, True),
        ("otto@example.org", {"model_owner"}, False),
        (None, {"model_owner"}, False),
        ("olga@example.org", {"auditor"}, False),
        ("olga@example.org", {"compliance_officer"}, False),
        (None, {"admin"}, True),
    ],
)
def test_only_owner_and_admins_change_a_model(email: str | None, roles: set[str], may: bool) -> None:
    caller = Caller("someone", email, frozenset(roles))
    if may:
        require_change(caller, MODEL)
    else:
        with pytest.raises(NotAllowedError):
            require_change(caller, MODEL)


def test_a_model_without_owner_is_only_an_admins() -> None:
    with pytest.raises(NotAllowedError):
        require_change(Caller("x", None, frozenset({"model_owner"})), MODEL.model_copy(update={"owner": None}))
    with pytest.raises(NotAllowedError):
        require_change(Caller("x", "", frozenset({"model_owner"})), MODEL.model_copy(update={"owner": ""}))
