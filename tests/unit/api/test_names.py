"""Whom the API takes a caller for, by what the user pool says of the person."""

from __future__ import annotations

from typing import Any

import pytest

from functions.api.access.callers import Caller, caller_of

SUB = "5f2f1c5e-0000-4000-8000-000000000001"
LOCAL = {"token_use": "id", "sub": SUB, "cognito:username": SUB, "email": "Ada@Example.com", "email_verified": "true"}
FEDERATED = {**LOCAL, "cognito:username": "Okta_00u1", "sub": "other", "identities": '[{"providerName":"Okta"}]'}


def caller(claims: dict[str, Any]) -> Caller:
    return caller_of({"requestContext": {"authorizer": {"claims": claims}}})


@pytest.mark.parametrize("claims", [LOCAL, FEDERATED])
def test_a_made_up_name_gives_way_to_the_confirmed_address(claims: dict[str, Any]) -> None:
    assert caller(claims).name == "ada@example.com"


def test_one_person_by_two_ways_is_one_to_whom_four_eyes_are_asked() -> None:
    assert caller(LOCAL).name == caller(FEDERATED).name


@pytest.mark.parametrize("verified", ["false", "", None])
def test_an_address_that_nobody_confirmed_names_nobody(verified: str | None) -> None:
    assert caller({**LOCAL, "email_verified": verified}).name == SUB
    assert caller({**LOCAL, "email_verified": verified}).email is None


def test_a_name_that_somebody_chose_stays() -> None:
    assert caller({**LOCAL, "cognito:username": "ada"}).name == "ada"
