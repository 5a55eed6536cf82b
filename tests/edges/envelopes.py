"""The envelopes in which AWS hands over our events and requests."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs

from tests.edges.sign_ins import signed_in

PEOPLE: dict[str, dict[str, str]] = {
    "admin": {"cognito:username": "ada", "email": "ada@example.org", "cognito:groups": "admin"},
    "model_owner": {"cognito:username": "olga", "email": "olga@example.org", "cognito:groups": "model_owner"},
    "other_owner": {"cognito:username": "otto", "email": "otto@example.org", "cognito:groups": "model_owner"},
    "auditor": {"cognito:username": "aura", "email": "aura@example.org", "cognito:groups": "auditor"},
    "data_protection_officer": {
        "cognito:username": "dora",
        "email": "dora@example.org",
        "cognito:groups": "data_protection_officer",
    },
    "compliance_officer": {
        "cognito:username": "cora",
        "email": "cora@example.org",
        "cognito:groups": "compliance_officer",
    },
    "product_owner": {"cognito:username": "pia", "email": "pia@example.org", "cognito:groups": "product_owner"},
    "groupless": {"cognito:username": "gus", "email": "gus@example.org"},
}


def claims_of(person: str | None) -> dict[str, str] | None:
    """Claims of a person's ID token; ``access:<person>`` for the access token; None when nobody signed in."""
    if person is None:
        return None
    name = person.removeprefix("access:")
    kind = "access" if name != person else "id"
    return {**PEOPLE[name], "email_verified": "true", "token_use": kind}


def queue_batch(messages: list[Any]) -> dict[str, Any]:
    """An SQS batch of EventBridge events. A message that is text is the body itself, hostile as it may be."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": f"receipt-{number}",
                "body": message if isinstance(message, str) else json.dumps(bridge_event(message, number)),
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": "1772600000000",
                    "SenderId": "AIDAEXAMPLE",
                    "ApproximateFirstReceiveTimestamp": "1772600000001",
                },
                "messageAttributes": {},
                "md5OfBody": "0" * 32,
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:checks",
                "awsRegion": "eu-central-1",
            }
            for number, message in enumerate(messages)
        ]
    }


def bridge_event(detail: Any, number: int = 0) -> dict[str, Any]:
    return {
        "version": "0",
        "id": f"00000000-0000-0000-0000-{number:012}",
        "detail-type": detail.get("type", "Unknown") if isinstance(detail, dict) else "Unknown",
        "source": "syndic",
        "account": "123456789012",
        "time": "2026-03-04T06:00:00Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": detail,
    }


def api_request(
    method: str,
    path: str,
    *,
    query: str = "",
    headers: dict[str, str] | None = None,
    body: bytes | str | None = None,
    person: str | None = None,
    claims: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A REST API proxy event. A body that is not UTF-8 comes marked as base64, as API Gateway sends it.

    A `person` is signed in by a token of the pool, in place of any that `headers` has.
    """
    several = parse_qs(query, keep_blank_values=True, errors="replace")
    text, encoded = _text(body)
    claims = claims_of(person) if claims is None else claims
    sent = {name: value for name, value in (headers or {}).items() if person is None or name.lower() != "authorization"}
    headers = {**(signed_in(claims) if claims else {}), **sent}
    return {
        "resource": "/api/v1/{path+}",
        "path": path,
        "httpMethod": method,
        "headers": headers or None,
        "multiValueHeaders": {name: [value] for name, value in headers.items()} or None,
        "queryStringParameters": {name: values[-1] for name, values in several.items()} or None,
        "multiValueQueryStringParameters": several or None,
        "pathParameters": {"path": path.removeprefix("/api/v1/")},
        "stageVariables": None,
        "requestContext": {
            "requestId": "request-1",
            "stage": "prod",
            "httpMethod": method,
            "path": f"/prod{path}",
            "identity": {"sourceIp": "192.0.2.1"},
            # What API Gateway adds of the token is looked at by nobody: the token itself is verified.
            **({"authorizer": {"claims": claims}} if claims else {}),
        },
        "body": text,
        "isBase64Encoded": encoded,
    }


def _text(body: bytes | str | None) -> tuple[str | None, bool]:
    if body is None or isinstance(body, str):
        return body, False
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True
