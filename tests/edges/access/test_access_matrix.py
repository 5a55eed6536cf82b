"""Who gets where: every kind of key and token against every route, through the real handler.

Tokens of people are verified by the function itself, whatever an authorizer before it said; those of pipelines where
they are exchanged.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.access.callers import BY_KEY, Caller
from functions.api.access.key_callers import MACHINE
from functions.api.access.permissions import BY_PEOPLE_ONLY, TABLE
from functions.api.access.roles import ADMIN, AUDITOR, MODEL_OWNER, PUBLIC
from functions.api.handler import handler
from syndic.audit.search import list_entries
from syndic.identity.api_keys import Maker, make_key, revoke_key
from syndic.identity.key_text import new_secret, write_key
from syndic.identity.keys import api_key_key
from syndic.identity.models import Scope
from tests.edges.access.test_api_access import BODIES, filler, query_of
from tests.edges.conftest import Context
from tests.edges.envelopes import PEOPLE, api_request
from tests.edges.sign_ins import ISSUER, TIMES, changed, pool_key, token_for
from tests.edges.tokens import STRANGER, token_of, unsigned
from tests.edges.world import MODEL, NOW, World

JSON = {"Content-Type": "application/json"}
ADA, OLGA, OTTO = (
    Maker(name, name, f"{name}@example.org", from_provider=False, may_give=frozenset(Scope))
    for name in ("ada", "olga", "otto")
)


def call(path: str, method: str = "GET", *, key: str | None, body: Any = None, query: str = "") -> tuple[int, Any]:
    headers = JSON | ({"Authorization": f"Bearer {key}"} if key else {})
    sent = None if body is None else json.dumps(body)
    answer = handler(api_request(method, path, query=query, headers=headers, body=sent), Context())
    return answer["statusCode"], json.loads(answer["body"]) if answer["body"][:1] in "[{" else answer["body"]


def made(world: World, maker: Maker, *scopes: Scope, name: str = "matrix", **options: Any) -> tuple[str, str]:
    expires_at = options.get("expires_at")
    key, text = make_key(
        name, scopes, maker, expires_at=expires_at, store=world.store, audit=world.audit, now=NOW
    )  # fmt: skip
    return key.id, text


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("checked")


def forged(world: World) -> str:
    return write_key(made(world, ADA, Scope.READ)[0], new_secret())


def revoked(world: World) -> str:
    key_id, text = made(world, ADA, Scope.READ)
    revoke_key(key_id, of=None, store=world.store, audit=world.audit, actor="ada", now=NOW)
    return text


def expired(world: World) -> str:
    _, text = made(world, ADA, Scope.READ, expires_at=NOW + timedelta(hours=1))
    world.moment = NOW + timedelta(hours=1)
    return text


def of_somebody_disabled(world: World) -> str:
    world.directory.set_enabled("olga", enabled=False)
    return made(world, OLGA, Scope.READ)[1]


def of_somebody_gone(world: World) -> str:
    world.directory.delete("olga")
    return made(world, OLGA, Scope.READ)[1]


REFUSED: dict[str, tuple[Callable[[World], str | None], str | None]] = {
    "none": (lambda _: None, "not_signed_in"),
    "an ID token": (lambda _: token_of(), "key_malformed"),
    "alg none": (lambda _: unsigned(), "key_malformed"),
    "mistyped": (lambda world: made(world, ADA, Scope.READ)[1][:-1] + "~", "key_malformed"),
    "forged": (forged, "key_unknown"),
    "of nobody": (lambda _: write_key("0" * 16, new_secret()), "key_unknown"),
    "revoked": (revoked, "key_revoked"),
    "expired": (expired, "key_expired"),
    "of somebody disabled": (of_somebody_disabled, "key_maker_gone"),
    "of somebody gone": (of_somebody_gone, "key_maker_gone"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_on_every_route_a_key_that_does_not_hold_is_401(kind: str, world: World) -> None:
    fill = filler(world)
    make, code = REFUSED[kind]
    key = make(world)
    answers = {
        route: call(MACHINE + fill(route[1]), route[0], key=key, body=BODIES.get(route), query=query_of(route))
        for route in sorted(TABLE)
    }

    assert {route: (status, body.get("code")) for route, (status, body) in answers.items()} == dict.fromkeys(
        TABLE, (401, code)
    )


ADMIN_CLAIMS = {**PEOPLE["admin"], "email_verified": "true", "token_use": "id"}
SHARED_SECRET = "a shared secret of thirty-two bytes or more"
PEOPLES: dict[str, tuple[Callable[[World], str | None], str | None]] = {
    "none": (lambda _: None, "not_signed_in"),
    "expired": (lambda _: token_for(ADMIN_CLAIMS, exp=int(NOW.timestamp())), "token_expired"),
    "of the future": (lambda _: token_for(ADMIN_CLAIMS, iat=int(NOW.timestamp()) + 120), "token_refused"),
    "forged": (lambda _: token_for(ADMIN_CLAIMS, key=pool_key("stranger")), "token_refused"),
    "changed": (lambda _: changed(token_for(PEOPLE["auditor"]), **ADMIN_CLAIMS), "token_refused"),
    "of another key id": (lambda _: token_for(ADMIN_CLAIMS, key_id="id-2"), "token_refused"),
    "of another issuer": (lambda _: token_for(ADMIN_CLAIMS, iss=f"{ISSUER}2"), "token_refused"),
    "of another audience": (lambda _: token_for(ADMIN_CLAIMS, aud="another app"), "token_refused"),
    "of no audience": (lambda _: token_for(ADMIN_CLAIMS, aud=None), "token_refused"),
    "without an end": (lambda _: token_for(ADMIN_CLAIMS, exp=None), "token_refused"),
    "alg none": (lambda _: unsigned(**ADMIN_CLAIMS, iss=ISSUER, aud="dashboard", **TIMES), "token_refused"),
    "alg HS256": (lambda _: token_for(ADMIN_CLAIMS, key=SHARED_SECRET, algorithm="HS256"), "token_refused"),
    "alg RS512": (lambda _: token_for(ADMIN_CLAIMS, algorithm="RS512"), "token_refused"),
    "an access token": (
        lambda _: token_for(ADMIN_CLAIMS, token_use="access", key=pool_key("access"), key_id="access-1"),
        "token_refused",
    ),
    "of a pipeline": (lambda _: token_of(), "token_refused"),
    "a key": (lambda world: made(world, ADA, Scope.ADMIN)[1], "token_refused"),
    "nonsense": (lambda _: "nonsense", "token_refused"),
    "long": (lambda _: "a" * 9000, "token_refused"),
}  # fmt: skip


def test_on_every_route_a_token_that_does_not_hold_is_401_whatever_an_authorizer_says(world: World) -> None:
    fill = filler(world)
    tokens = {kind: make(world) for kind, (make, _) in PEOPLES.items()}
    guarded = sorted(route for route, roles in TABLE.items() if roles is not PUBLIC)
    before, otherwise = world.state(), {}
    for kind, token in tokens.items():
        sent = JSON | {"Authorization": f"Bearer {token}" if token else ""}
        for route in guarded:
            event = api_request(route[0], PREFIX + fill(route[1]), claims=ADMIN_CLAIMS, headers=sent, body="{}")
            answer = handler(event, Context())
            found = (answer["statusCode"], json.loads(answer["body"]).get("code"))
            if found != (401, PEOPLES[kind][1]):
                otherwise[kind, *route] = found

    assert otherwise == {}
    assert world.state() == before


@pytest.mark.parametrize("kind", ["expired", "forged", "an access token"])
def test_where_nobody_has_to_be_signed_in_a_token_is_not_looked_at(kind: str, world: World) -> None:
    sent = JSON | {"Authorization": f"Bearer {PEOPLES[kind][0](world)}"}
    assert handler(api_request("GET", f"{PREFIX}/health", headers=sent), Context())["statusCode"] == 200


@pytest.mark.parametrize("word", ["Bearer ", "bearer  ", ""])
def test_a_token_is_taken_with_and_without_the_word_before_it(word: str, world: World) -> None:
    for app in ("dashboard", "scripts"):
        event = api_request(
            "GET", f"{PREFIX}/models", headers={"authorization": word + token_for(ADMIN_CLAIMS, aud=app)}
        )
        assert handler(event, Context())["statusCode"] == 200


@pytest.mark.parametrize(
    ("maker", "scope", "role"),
    [(OLGA, Scope.READ, AUDITOR), (OLGA, Scope.WRITE, MODEL_OWNER), (OTTO, Scope.WRITE, MODEL_OWNER),
     (ADA, Scope.ADMIN, ADMIN)],
)  # fmt: skip
def test_a_key_gets_where_the_table_says(maker: Maker, scope: Scope, role: str, world: World) -> None:
    fill = filler(world)
    _, key = made(world, maker, scope)
    statuses = {
        route: call(MACHINE + fill(route[1]), route[0], key=key, body=BODIES.get(route), query=query_of(route))[0]
        for route in sorted(TABLE)
    }

    outside = {route for route, roles in TABLE.items() if roles is not PUBLIC and role not in roles} | BY_PEOPLE_ONLY
    refused = {route for route, status in statuses.items() if status == 403}
    assert outside <= refused
    if maker is not OTTO:
        assert refused == outside
    else:
        assert ("PATCH", "/models/<model_id>") in refused, "another's model"
    assert not {route for route, status in statuses.items() if status >= 500}


def test_a_key_is_never_taken_where_people_sign_in(world: World) -> None:
    _, key = made(world, ADA, Scope.ADMIN)
    event = api_request("GET", f"{PREFIX}/models", headers={"Authorization": f"Bearer {key}"})
    event[BY_KEY] = Caller("ada", None, frozenset({ADMIN}))

    assert handler(event, Context())["statusCode"] == 401


def test_claims_count_for_nothing_where_keys_are_taken(world: World) -> None:
    assert handler(api_request("GET", f"{MACHINE}/models", person="admin"), Context())["statusCode"] == 401


def test_a_key_does_less_when_its_maker_may_do_less(world: World) -> None:
    _, key = made(world, OLGA, Scope.WRITE, Scope.READ)
    assert call(f"{MACHINE}/models/{MODEL}", "PATCH", key=key, body={"domain": "credit"})[0] == 200
    changed = list_entries(world.store, limit=1).entries[0].entry
    assert changed.key is not None
    assert world.store.get(api_key_key(changed.key)) is not None, "the trail says which key it was"
    world.directory.set_roles("olga", {"auditor"})
    world.moment += timedelta(minutes=2)

    assert call(f"{MACHINE}/models/{MODEL}", "PATCH", key=key, body={"domain": "other"})[0] == 403
    assert call(f"{MACHINE}/models/{MODEL}", key=key)[0] == 200


def test_nobody_gives_a_key_more_than_they_may(world: World) -> None:
    def ask(person: str, scope: str) -> int:
        body = json.dumps({"name": scope, "scopes": [scope]})
        return int(
            handler(
                api_request("POST", f"{PREFIX}/keys", headers=JSON, body=body, person=person), Context()
            )["statusCode"]
        )  # fmt: skip

    given = {(who, one): ask(who, one) for who in ("auditor", "model_owner", "admin") for one in Scope}
    assert {pair for pair, status in given.items() if status == 403} == {
        ("auditor", "write"), ("auditor", "admin"), ("model_owner", "admin")
    }  # fmt: skip
    assert set(given.values()) == {201, 403}


def test_a_secret_is_shown_once_and_kept_nowhere(world: World) -> None:
    body = json.dumps({"name": "nightly", "scopes": ["read"]})
    event = api_request("POST", f"{PREFIX}/keys", headers=JSON, body=body, person="admin")
    secret = json.loads(handler(event, Context())["body"])["secret"]
    assert call(f"{MACHINE}/models", key=secret)[0] == 200
    listed = handler(api_request("GET", f"{PREFIX}/keys", person="admin"), Context())["body"]

    assert secret not in json.dumps(world.state())
    assert secret not in listed
    assert json.loads(listed)["keys"][0]["used_at"].startswith("2026-03-04T06:00")
    assert handler(event, Context())["statusCode"] == 409, "it was used: its secret is known to somebody"


EXCHANGES: dict[str, Callable[[], str]] = {
    "no token": lambda: "nonsense",
    "expired": lambda: token_of(iat=1772600000, nbf=1772600000, exp=1772600300),
    "of the future": lambda: token_of(iat=int(NOW.timestamp()) + 120, exp=int(NOW.timestamp()) + 300),
    "not yet": lambda: token_of(nbf=int(NOW.timestamp()) + 120),
    "for a day": lambda: token_of(exp=int(NOW.timestamp()) + 86400),
    "forged": lambda: token_of(key=STRANGER),
    "alg none": unsigned,
    "alg HS256": lambda: token_of(key="k" * 64, algorithm="HS256"),
    "another key id": lambda: token_of(headers={"kid": "k2"}),
    "another audience": lambda: token_of(aud="https://github.com/org"),
    "another issuer": lambda: token_of(iss="https://gitlab.example.org"),
    "another repository": lambda: token_of(repository_id="457"),
    "another owner": lambda: token_of(repository_owner_id="124"),
    "no repository": lambda: token_of(repository_id=None),
    "no id": lambda: token_of(jti=None),
    "no end": lambda: token_of(exp=None),
}


@pytest.mark.parametrize("kind", EXCHANGES)
def test_a_token_that_does_not_hold_is_not_exchanged(kind: str, world: World) -> None:
    filler(world)
    before = world.state()
    status, problem = call(f"{PREFIX}/auth/exchange", "POST", key=None, body={"subject_token": EXCHANGES[kind]()})

    assert (status, problem["code"][:6]) == (401, "token_")
    assert world.state() == before


def test_a_token_is_exchanged_once_for_a_quarter_of_an_hour(world: World) -> None:
    filler(world)
    body = {"subject_token": token_of()}
    status, given = call(f"{PREFIX}/auth/exchange", "POST", key=None, body=body)
    assert (status, given["expires_in"], given["scope"]) == (200, 900, "read write")
    key = given["access_token"]
    assert call(f"{MACHINE}/models/{MODEL}", "PATCH", key=key, body={"domain": "credit"})[0] == 200
    assert call(f"{PREFIX}/auth/exchange", "POST", key=None, body=body)[1]["code"] == "token_used"
    world.moment += timedelta(minutes=15)
    assert call(f"{MACHINE}/models", key=key)[1]["code"] == "key_expired"
