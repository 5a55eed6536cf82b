"""Keys of programs, and the issuers whose tokens are exchanged for one. Each decision is in the audit trail."""

from __future__ import annotations

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field

from functions.api.access.roles import ADMIN
from functions.api.inputs import Clouds, IssuerKeys, Limit, Person, Token, by_whom
from syndic.identity import issuers
from syndic.identity.api_keys import Maker, last_uses, list_keys, make_key, revoke_key
from syndic.identity.models import ApiKey, Issuer, IssuerRules, Scope
from syndic.models import Moment, Noun

router = Router()

KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="Id of a key")]
IssuerName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", description="Name of an issuer's rules")]
TOKEN_TYPES = Literal["urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"]


class ShownKey(Noun):
    """A key without its secret. `used_at` is exact to ten minutes."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    made_by: str
    made_at: Moment
    expires_at: Moment
    revoked_at: Moment | None
    used_at: Moment | None


class MadeKey(Noun):
    """A key that was just made. `secret` is its whole text; nobody can show it again."""

    key: ShownKey
    secret: str


class ShownKeys(Noun):
    """Some keys, the newest first."""

    keys: tuple[ShownKey, ...]
    next_token: str | None = None


class NewKey(Noun):
    """What a key is called, what it may do and until when: 90 days when nothing is said, 366 at most."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$")
    scopes: tuple[Scope, ...] = Field(min_length=1, max_length=3)
    expires_at: Moment | None = None


class TokenToExchange(Noun):
    """A token of a pipeline, with the names of RFC 8693."""

    grant_type: Literal["urn:ietf:params:oauth:grant-type:token-exchange"] = (
        "urn:ietf:params:oauth:grant-type:token-exchange"
    )
    subject_token: str = Field(min_length=1, max_length=8192, pattern=r"^[!-~]+$")
    subject_token_type: TOKEN_TYPES = "urn:ietf:params:oauth:token-type:jwt"  # noqa: S105 - names


class ExchangedToken(Noun):
    """A key of a quarter of an hour, with the names of RFC 8693."""

    access_token: str
    issued_token_type: str = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105
    token_type: str = "Bearer"  # noqa: S105
    expires_in: int = Field(description="seconds")
    scope: str


class Issuers(Noun):
    """All issuers whose tokens are exchanged."""

    issuers: tuple[Issuer, ...]


class Removed(Noun):
    """It is removed."""

    removed: str


@router.get("/keys", tags=["identity"])
def list_api_keys(clouds: Clouds, person: Person, limit: Limit = 50, token: Token = None) -> ShownKeys:
    """One's own keys, and an admin's view of everybody's, without secrets."""
    of = None if ADMIN in person.roles else person.name
    page = list_keys(clouds.store, made_by=of, limit=limit, token=token)
    found = [ApiKey.model_validate(one.body) for one in page.records]
    uses = last_uses(clouds.store, tuple(one.id for one in found))
    return ShownKeys(keys=tuple(_shown(one, uses.get(one.id)) for one in found), next_token=page.next_token)


@router.post("/keys", tags=["identity"], status_code=201)
def make_api_key(clouds: Clouds, person: Person, new: Annotated[NewKey, Body()]) -> MadeKey:
    """Make a key for a program. Its secret is shown in this answer only. It never does more than its maker may."""
    maker = Maker(person.name, person.account, person.email, person.from_provider, person.may_give)
    made, secret = make_key(
        new.name, new.scopes, maker, expires_at=new.expires_at, store=clouds.store, audit=clouds.audit,
        now=clouds.now(),
    )  # fmt: skip
    return MadeKey(key=_shown(made, None), secret=secret)


@router.delete("/keys/<key_id>", tags=["identity"])
def revoke_api_key(clouds: Clouds, person: Person, key_id: KeyId) -> ShownKey:
    """End a key at once: one's own, or as an admin anybody's."""
    of = None if ADMIN in person.roles else person.name
    revoked = revoke_key(key_id, of=of, **by_whom(clouds, person))
    return _shown(revoked, last_uses(clouds.store, (key_id,)).get(key_id))


@router.post("/auth/exchange", tags=["identity"])
def exchange_a_token(
    clouds: Clouds, issuer_keys: IssuerKeys, given: Annotated[TokenToExchange, Body()]
) -> ExchangedToken:  # fmt: skip
    """Exchange a pipeline's own token, once, for a key of a quarter of an hour. Needs no sign-in: the token is it."""
    from syndic.identity.exchange import exchange_token  # noqa: PLC0415 - only this request verifies tokens

    made, text = exchange_token(
        given.subject_token, keys=issuer_keys, store=clouds.store, audit=clouds.audit, now=clouds.now()
    )
    seconds = int((made.expires_at - made.made_at).total_seconds())
    return ExchangedToken(access_token=text, expires_in=seconds, scope=" ".join(made.scopes))


@router.get("/auth/issuers", tags=["identity"])
def list_token_issuers(clouds: Clouds) -> Issuers:
    """Every issuer whose tokens are exchanged."""
    return Issuers(issuers=tuple(issuers.list_issuers(clouds.store)))


@router.get("/auth/issuers/<issuer>", tags=["identity"])
def read_token_issuer(clouds: Clouds, issuer: IssuerName) -> Issuer:
    """The rules of one issuer."""
    return issuers.get_issuer(clouds.store, issuer)


@router.put("/auth/issuers/<issuer>", tags=["identity"])
def set_token_issuer(
    clouds: Clouds, person: Person, issuer: IssuerName, rules: Annotated[IssuerRules, Body()]
) -> Issuer:  # fmt: skip
    """Take tokens of an issuer that have all of these claims. Of GitHub's, repository_id and repository_owner_id."""
    return issuers.set_issuer(issuer, rules, **by_whom(clouds, person))


@router.delete("/auth/issuers/<issuer>", tags=["identity"])
def remove_token_issuer(clouds: Clouds, person: Person, issuer: IssuerName) -> Removed:
    """Take no more tokens by these rules. Keys that were given out end within a quarter of an hour."""
    issuers.remove_issuer(issuer, **by_whom(clouds, person))
    return Removed(removed=issuer)


def _shown(key: ApiKey, used_at: str | None) -> ShownKey:
    kept = {name: getattr(key, name) for name in ShownKey.model_fields if name != "used_at"}
    return ShownKey.model_validate({**kept, "used_at": used_at})
