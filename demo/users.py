"""Demonstration users, one a group, and the calls made in their name."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import urllib3
from botocore.exceptions import ClientError

from demo.cloud import LocalCloud
from demo.deploy import Deployment
from demo.progress import DemoError

PASSWORD = "Demo-only-2026!"  # noqa: S105 - exists on the local cloud only
USERS = {
    "admin@example.com": "admin",
    "owner@example.com": "model_owner",
    "auditor@example.com": "auditor",
}


def make_users(cloud: LocalCloud, deployment: Deployment) -> None:
    """Create the users that are not there yet."""
    cognito, pool = cloud.client("cognito-idp"), deployment["UserPoolId"]
    for name, group in USERS.items():
        attributes = [{"Name": "email", "Value": name}, {"Name": "email_verified", "Value": "true"}]
        try:
            cognito.admin_create_user(
                UserPoolId=pool, Username=name, UserAttributes=attributes, MessageAction="SUPPRESS",
            )  # fmt: skip
        except ClientError as error:
            if error.response["Error"]["Code"] != "UsernameExistsException":
                raise
        cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)


class ApiError(DemoError):
    """An answer of the API that is not a success."""

    def __init__(self, status: int, body: str) -> None:
        self.status = status
        super().__init__(f"the API answered {status}: {body[:500]}")


@dataclass(frozen=True, slots=True)
class Client:
    """The API through the same address that the browser uses, in the name of one user."""

    base: str
    token: str

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call; raises `ApiError`."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.base}/api/v1{path}", data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own loopback
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise ApiError(error.code, error.read().decode("utf-8", "replace")) from error
        return json.loads(text) if text else None

    def get(self, path: str) -> Any:
        """Read."""
        return self.call("GET", path)


def sign_in(cloud: LocalCloud, deployment: Deployment, user: str) -> Client:
    """Sign in as one of the demonstration users."""
    return Client(f"http://127.0.0.1:{cloud.ports.dashboard}", tokens_of(cloud, deployment, user)["id_token"])


def tokens_of(cloud: LocalCloud, deployment: Deployment, user: str) -> dict[str, str]:
    """A person's tokens by kind, got as a browser gets them: through the pool's page, with PKCE."""
    base, home = f"http://127.0.0.1:{cloud.ports.dashboard}", f"http://localhost:{cloud.ports.dashboard}/"
    client, verifier, state = deployment["UserPoolClientId"], secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": client, "redirect_uri": home, "scope": "openid email profile", "response_type": "code",
        "state": state, "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    answer = _post(f"{base}/login", {**asked, "username": user, "password": PASSWORD})
    query = parse_qs(urlsplit(answer.headers.get("Location") or "").query)
    if query.get("state") != [state] or "code" not in query:
        raise DemoError(f"{user} could not sign in: the page answered {answer.status}")
    fields = {"grant_type": "authorization_code", "code": query["code"][0], "redirect_uri": home, "client_id": client}
    tokens: dict[str, str] = json.loads(_post(f"{base}/oauth2/token", {**fields, "code_verifier": verifier}).data)
    if "id_token" not in tokens:
        raise DemoError(f"{user} could not sign in: {tokens}")
    return tokens


def _post(url: str, fields: dict[str, str]) -> urllib3.BaseHTTPResponse:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return urllib3.request("POST", url, body=urlencode(fields), headers=form, redirect=False, retries=False)
