"""Who gets where on the deployed stack: every route, asked through the real gateway with every kind of key.

What would change something is asked with a body that is no JSON: whoever is let through meets 415, and nothing happens.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import urllib3
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from demo.__main__ import Demonstration
from demo.users import PASSWORD, sign_in, tokens_of
from functions.api.access.permissions import BY_PEOPLE_ONLY, TABLE
from functions.api.access.roles import PUBLIC, ROLES_OF
from syndic.identity.key_text import new_secret, write_key
from syndic.identity.models import Scope

pytestmark = [pytest.mark.emulator, pytest.mark.slow, pytest.mark.timeout(900)]

MORE = {
    "other@example.com": "model_owner",
    "approver@example.com": "product_owner",
    "compliance@example.com": "compliance_officer",
}
ROLES = {"admin@example.com": "admin", "owner@example.com": "model_owner", "auditor@example.com": "auditor", **MORE}
IDS = {"user": "nobody", "file": "page.js", "index": "0", "key_id": "0" * 16, "questionnaire": "processing"}


def joined(head: dict[str, Any], body: dict[str, Any], signature: str) -> str:
    encoded = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in (head, body)]
    return ".".join([*encoded, signature])


@pytest.fixture(scope="module")
def people(demonstration: Demonstration) -> dict[str, str]:
    """ID tokens by address."""
    cognito, pool = demonstration.cloud.client("cognito-idp"), demonstration.deployment["UserPoolId"]
    for name, group in MORE.items():
        attributes = [{"Name": "email", "Value": name}, {"Name": "email_verified", "Value": "true"}]
        cognito.admin_create_user(UserPoolId=pool, Username=name, UserAttributes=attributes, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    return {name: sign_in(demonstration.cloud, demonstration.deployment, name).token for name in ROLES}


class Gateway:
    """The real address, for many at once."""

    def __init__(self, demonstration: Demonstration) -> None:
        self.base = f"http://127.0.0.1:{demonstration.cloud.ports.dashboard}"
        # The emulator caps what runs at once by the machine's cores, and says so as AWS does: any client asks again.
        again = urllib3.Retry(
            3,
            backoff_factor=0.2,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods=None,
            raise_on_status=False,
            respect_retry_after_header=False,
        )
        self._pool = urllib3.PoolManager(maxsize=8, retries=again, timeout=60)

    def ask(self, method: str, path: str, token: str | None, *, body: bytes | None = None, kind: str = "") -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Content-Type": kind} if body is not None else {}
        return self._pool.request(method, self.base + path, headers=headers, body=body).status

    def everywhere(self, token: str | None, *, prefix: str = "/api/v1") -> dict[tuple[str, str], int]:
        def one(route: tuple[str, str]) -> int:
            path = re.sub(r"<(\w+)>", lambda found: IDS.get(found[1], "nobody-000000"), route[1])
            body = None if route[0] == "GET" else b"nothing"
            return self.ask(route[0], prefix + path, token, body=body, kind="text/plain")

        with ThreadPoolExecutor(4) as pool:
            return dict(zip(TABLE, pool.map(one, TABLE), strict=True))


@pytest.fixture(scope="module")
def gateway(demonstration: Demonstration) -> Gateway:
    return Gateway(demonstration)


def outside(found: dict[tuple[str, str], int], status: int) -> set[tuple[str, str]]:
    return {route for route, got in found.items() if got == status}


def test_the_matrix_of_routes_and_keys(people: dict[str, str], gateway: Gateway) -> None:
    def make(name: str, scope: str, ends: datetime | None = None, by: str = "admin@example.com") -> tuple[str, str]:
        body: dict[str, Any] = {"name": name, "scopes": [scope]} | ({"expires_at": ends.isoformat()} if ends else {})
        answer = urllib3.request(
            "POST", f"{gateway.base}/api/v1/keys", json=body, headers={"Authorization": f"Bearer {people[by]}"}
        )
        assert answer.status == 201, answer.data
        return answer.json()["key"]["id"], answer.json()["secret"]

    guarded = {route for route, roles in TABLE.items() if roles is not PUBLIC}
    _, text = make("matrix-read", "read")
    found = gateway.everywhere(text, prefix="/api/machine/v1")
    may = {route for route in guarded if TABLE[route] & ROLES_OF[Scope.READ] and route not in BY_PEOPLE_ONLY}
    assert outside(found, 403) == guarded - may
    found = gateway.everywhere(text)
    taken = {route: found[route] for route in guarded if found[route] not in (401, 403)}
    assert taken == {}, "not where people sign in"

    revoked, gone = make("matrix-revoked", "admin")
    key_path = f"/api/v1/keys/{revoked}"
    assert gateway.ask("DELETE", key_path, people["admin@example.com"], body=b"{}", kind="application/json") == 200
    ends = datetime.now(UTC) + timedelta(seconds=3)
    soon, short = make("matrix-short", "admin", ends)
    for name, key in (
        ("revoked", gone),
        ("forged", write_key(soon, new_secret())),
        ("an ID token", people["admin@example.com"]),
        ("nobody", None),
        ("expired", short),
    ):
        if name == "expired":
            time.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds() + 1))
        found = gateway.everywhere(key, prefix="/api/machine/v1")
        assert {route: found[route] for route in guarded if found[route] != 401} == {}, name


def pool_key(demonstration: Demonstration, use: str) -> tuple[Any, str]:
    """A private key of the local cloud's user pool with its id, as only the pool has it: for tokens it never gives."""
    pool = demonstration.deployment["UserPoolId"]
    path = demonstration.cloud.state / "cloud" / "cognito-pool-keys" / f"{pool}-{use}.pem"
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key, base64.b64encode(hashlib.sha256(key.public_key().public_bytes(*form)).digest()).decode()


@pytest.fixture(scope="module")
def wrong(demonstration: Demonstration, people: dict[str, str]) -> dict[str, str]:
    """Tokens of an admin that do not hold, by what is wrong with them."""
    claims = jwt.decode(people["admin@example.com"], options={"verify_signature": False})
    key, key_id = pool_key(demonstration, "id")
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def signed(by: Any = key, **changed: Any) -> str:
        return jwt.encode({**claims, **changed}, by, algorithm="RS256", headers={"kid": key_id})

    head = signed().partition(".")[0]
    github = {"iss": "https://token.actions.githubusercontent.com", "repository_id": "457"}
    return {
        "expired": signed(iat=claims["iat"] - 7200, exp=claims["iat"] - 3600),
        "forged": signed(by=stranger),
        "alg none": joined({"alg": "none", "kid": key_id}, claims, ""),
        "changed": f"{head}.{joined({}, claims, '').split('.')[1]}.c2ln",
        "another audience": signed(aud="another-app"),
        "access token": tokens_of(demonstration.cloud, demonstration.deployment, "admin@example.com")["access_token"],
        "of another repository": signed(by=stranger, **github),
    }


def test_the_matrix_of_routes_and_people(people: dict[str, str], gateway: Gateway, wrong: dict[str, str]) -> None:
    guarded = {route for route, roles in TABLE.items() if roles is not PUBLIC}
    for kind, token in {"nobody": None, **wrong}.items():
        found = gateway.everywhere(token)
        assert {route: found[route] for route in guarded if found[route] != 401} == {}, kind
    for name, role in ROLES.items():
        if name != "other@example.com":  # what sets owners apart are models, below
            found = gateway.everywhere(people[name])
            assert outside(found, 403) == {route for route in guarded if role not in TABLE[route]}, role
            assert not outside(found, 401) & guarded, role
            assert {route: status for route, status in found.items() if status >= 500} == {}, role


def test_the_function_itself_takes_no_wrong_token(
    demonstration: Demonstration, people: dict[str, str], wrong: dict[str, str]
) -> None:
    """Called as if API Gateway had let the request pass and vouched for an admin."""
    service, claims = demonstration.cloud.client("lambda"), {"cognito:username": "ada", "token_use": "id"}

    def ask(token: str | None) -> int:
        event = {
            "httpMethod": "GET",
            "path": "/api/v1/users",
            "headers": {"Authorization": f"Bearer {token}"} if token else {},
            "requestContext": {"authorizer": {"claims": {**claims, "cognito:groups": "admin"}}},
        }
        name = demonstration.deployment["ApiFunction"]
        said = service.invoke(FunctionName=name, Payload=json.dumps(event))["Payload"].read()
        return int(json.loads(said)["statusCode"])

    assert {kind: ask(token) for kind, token in {"nobody": None, **wrong}.items()} == dict.fromkeys(
        ("nobody", *wrong), 401
    )
    assert (ask(people["admin@example.com"]), ask(people["auditor@example.com"])) == (200, 403)


def test_owners_change_their_own_models_alone(people: dict[str, str], gateway: Gateway) -> None:
    def ask(method: str, path: str, by: str, body: dict[str, Any]) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {people[by]}"}
        answer = urllib3.request(method, f"{gateway.base}/api/v1{path}", json=body, headers=headers)
        return answer.status, answer.json()

    _, model = ask("POST", "/models", "owner@example.com", {"name": "Matrix"})
    changes = {name: ask("PATCH", f"/models/{model['id']}", name, {"domain": "credit"})[0] for name in ROLES}
    assert {name for name, status in changes.items() if status == 200} == {"owner@example.com", "admin@example.com"}
    assert set(changes.values()) == {200, 403}
    stranger = {
        "subject_token": joined({"alg": "RS256"}, {"iss": "https://token.actions.githubusercontent.com"}, "c2ln")
    }
    assert ask("POST", "/auth/exchange", "admin@example.com", stranger)[0] == 401
