"""People: invite, give roles, disable, delete. For admins; each decision is in the audit trail."""

from __future__ import annotations

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field

from functions.api.inputs import Clouds, Directory, Limit, Person, Token, by_whom
from functions.api.routes.registry.models import Email
from syndic.models import Noun
from syndic.ports import DirectoryUser
from syndic.tasks import people

router = Router()

UserName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$", description="Name of a person")]
Role = Literal[
    "admin", "model_owner", "auditor", "compliance_officer", "data_protection_officer", "risk_owner",
    "security_officer", "ml_engineer", "data_scientist", "product_owner", "independent_auditor",
]  # fmt: skip


class User(Noun):
    """A person who may sign in. `confirmed`: has signed in once. In a list the roles are left out."""

    name: str
    email: str
    roles: tuple[str, ...] | None
    enabled: bool
    confirmed: bool


class Users(Noun):
    """Some people."""

    users: tuple[User, ...]
    next_token: str | None = None


class NewUser(Noun):
    """Whom to invite, in which roles."""

    email: Email
    roles: tuple[Role, ...] = Field(default=(), max_length=11)


class UserRoles(Noun):
    """All roles of a person."""

    roles: tuple[Role, ...] = Field(max_length=11)


class UserAccess(Noun):
    """Whether a person may sign in."""

    enabled: bool


@router.get("/users", tags=["users"])
def list_users(directory: Directory, limit: Limit = 50, token: Token = None) -> Users:
    """A page of people, 60 at most, without their roles."""
    page = directory.page(limit=limit, token=token)
    return Users(users=tuple(_shown(one, listed=True) for one in page.users), next_token=page.next_token)


@router.post("/users", tags=["users"], status_code=201)
def invite_user(clouds: Clouds, directory: Directory, person: Person, new: Annotated[NewUser, Body()]) -> User:
    """Invite a person by mail. Somebody who is there already gets the roles beside those they have."""
    return _shown(people.invite(new.email, new.roles, directory=directory, **by_whom(clouds, person)))


@router.get("/users/<user>", tags=["users"])
def read_user(clouds: Clouds, directory: Directory, user: UserName) -> User:
    """A person and their roles."""
    clouds.store.get(people.person_key(user))  # what was decided last: its ETag goes with the answer
    return _shown(directory.get(user))


@router.put("/users/<user>/roles", tags=["users"])
def set_user_roles(
    clouds: Clouds, directory: Directory, person: Person, user: UserName, wanted: Annotated[UserRoles, Body()]
) -> User:
    """Give a person exactly these roles. They hold from the next token on, within an hour."""
    return _shown(people.set_roles(user, wanted.roles, directory=directory, **by_whom(clouds, person)))


@router.patch("/users/<user>", tags=["users"])
def change_user(
    clouds: Clouds, directory: Directory, person: Person, user: UserName, access: Annotated[UserAccess, Body()]
) -> User:
    """Let a person sign in, or not any more. A token that was given out holds for an hour at most."""
    return _shown(people.set_enabled(user, enabled=access.enabled, directory=directory, **by_whom(clouds, person)))


@router.delete("/users/<user>", tags=["users"])
def delete_user(clouds: Clouds, directory: Directory, person: Person, user: UserName) -> User:
    """Remove an account. What the person did stays on record."""
    return _shown(people.delete(user, directory=directory, **by_whom(clouds, person)))


def _shown(user: DirectoryUser, *, listed: bool = False) -> User:
    roles = None if listed else tuple(sorted(user.roles))
    return User(name=user.name, email=user.email, roles=roles, enabled=user.enabled, confirmed=user.confirmed)
