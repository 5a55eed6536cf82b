"""The directory's contract, on memory and on the user pool of the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from syndic.adapters.aws import CognitoAccounts, CognitoDirectory
from syndic.adapters.memory import MemoryDirectory
from syndic.errors import NotFoundError, NotSignedInError, UnknownReferenceError
from syndic.ports import Directory
from tests.contract import clouds

FLOWS = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
CHOSEN = "Long enough 1!"
ROLES = ("auditor", "ml_engineer")


@pytest.fixture(params=["memory", "cognito"])
def directory(request: pytest.FixtureRequest) -> Iterator[Directory]:
    if request.param == "memory":
        yield MemoryDirectory()
        return
    client: Any = clouds.client("cognito-idp", request.getfixturevalue("aws"))
    pool = client.create_user_pool(PoolName="people", UsernameAttributes=["email"])["UserPool"]["Id"]
    for role in ROLES:
        client.create_group(GroupName=role, UserPoolId=pool)
    app = client.create_user_pool_client(
        UserPoolId=pool,
        ClientName="scripts",
        ExplicitAuthFlows=FLOWS,
    )["UserPoolClient"]["ClientId"]
    yield CognitoDirectory(client, pool, app=app)
    client.delete_user_pool(UserPoolId=pool)


def test_a_person_is_invited_once_and_found_by_name_and_address(directory: Directory) -> None:
    made = directory.invite("nina@example.org")
    again = directory.invite("nina@example.org")

    assert again.name == made.name
    assert directory.get(made.name).email == "nina@example.org"
    assert directory.get("nina@example.org").name == made.name
    assert [one.name for one in directory.page().users] == [made.name]
    assert not made.confirmed


def test_roles_are_exactly_those_that_were_set(directory: Directory) -> None:
    name = directory.invite("nina@example.org").name
    directory.set_roles(name, {"auditor"})
    directory.set_roles(name, {"auditor"})
    assert directory.get(name).roles == {"auditor"}
    directory.set_roles(name, {"ml_engineer"})
    assert directory.get(name).roles == {"ml_engineer"}


def test_who_is_disabled_stays_and_who_is_deleted_does_not(directory: Directory) -> None:
    name = directory.invite("nina@example.org").name
    directory.set_enabled(name, enabled=False)
    assert directory.get(name).enabled is False
    directory.set_enabled(name, enabled=True)
    assert directory.get(name).enabled is True
    directory.delete(name)
    directory.delete(name)
    with pytest.raises(NotFoundError):
        directory.get(name)


def test_a_role_that_the_pool_does_not_have_is_refused(directory: Directory) -> None:
    if isinstance(directory, MemoryDirectory):
        return  # it takes any: which roles there are is said by the API's own list
    name = directory.invite("nina@example.org").name
    with pytest.raises(UnknownReferenceError):
        directory.set_roles(name, {"emperor"})


def test_nobody_who_is_not_there_is_changed(directory: Directory) -> None:
    for change in (
        lambda: directory.set_roles("nobody", {"auditor"}),
        lambda: directory.set_enabled("nobody", enabled=False),
    ):
        with pytest.raises(NotFoundError):
            change()


@pytest.mark.parametrize(("demanded", "expected"), [("ON", True), ("OFF", False), ("OPTIONAL", False)])
def test_who_may_sign_in_is_read_with_roles_and_whether_a_second_factor_is_asked(
    aws: str, demanded: str, *, expected: bool
) -> None:
    client: Any = clouds.client("cognito-idp", aws)
    pool = client.create_user_pool(PoolName="staff", UsernameAttributes=["email"])["UserPool"]["Id"]
    for role in ROLES:
        client.create_group(GroupName=role, UserPoolId=pool)
    asked = {} if demanded == "OFF" else {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
    client.set_user_pool_mfa_config(UserPoolId=pool, MfaConfiguration=demanded, **asked)
    people = CognitoDirectory(client, pool)
    names = [people.invite(f"p{number}@example.org").name for number in range(70)]  # more than a page
    people.set_roles(names[0], set(ROLES))
    people.set_enabled(names[1], enabled=False)
    found = {one.name: one for one in CognitoAccounts(client, pool).accounts()}
    assert found.keys() == set(names)
    assert found[names[0]].roles == set(ROLES)
    assert not found[names[1]].enabled
    assert {one.second_factor for one in found.values()} == {expected}
    client.delete_user_pool(UserPoolId=pool)


def test_who_is_not_known_or_has_another_password_is_refused_alike(directory: Directory) -> None:
    directory.invite("nina@example.org")
    told = set()
    for name, password in (("nina@example.org", "wrong password 1!"), ("nobody@example.org", "wrong password 1!")):
        with pytest.raises(NotSignedInError) as refused:
            directory.sign_in(name, password)
        told.add((refused.value.code, str(refused.value)))

    assert len(told) == 1
    assert next(iter(told))[0] == "credentials_refused"
    with pytest.raises(NotSignedInError):
        directory.renew("nobody-gave-this")
    directory.sign_out("nobody-gave-this")


def test_who_chose_a_password_signs_in_renews_and_signs_out(request: pytest.FixtureRequest, aws: str) -> None:
    client: Any = clouds.client("cognito-idp", aws)
    pool = client.create_user_pool(PoolName="scripts", UsernameAttributes=["email"])["UserPool"]["Id"]
    app = client.create_user_pool_client(
        UserPoolId=pool,
        ClientName="scripts",
        ExplicitAuthFlows=FLOWS,
    )["UserPoolClient"]["ClientId"]
    directory = CognitoDirectory(client, pool, app=app)
    directory.invite("nina@example.org")
    client.admin_set_user_password(UserPoolId=pool, Username="nina@example.org", Password=CHOSEN, Permanent=True)
    found = directory.sign_in("nina@example.org", CHOSEN)
    assert found.refresh_token is not None
    assert found.id_token.count(".") == 2
    assert directory.renew(found.refresh_token).id_token.count(".") == 2
    directory.sign_out(found.refresh_token)
    directory.sign_out(found.refresh_token)
    client.delete_user_pool(UserPoolId=pool)
