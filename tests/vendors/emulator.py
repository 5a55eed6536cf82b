"""The emulator with what it does not know of rights: `python -m tests.vendors.emulator` serves as it does.

On AWS the policies of the functions depend on whom a mail is from and on which partitions a call names. The emulator
takes such a condition key for absent, and a mail for one of no identity: so it lets no mail go, and any partition be
written. Here each call brings its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id

from tests.vendors.rules import Rule

KEYS = Rule(
    "ses:FromAddress is the sender of a mail; dynamodb:LeadingKeys are the partition keys that a call names",
    "Service Authorization Reference, Amazon SES v2 and DynamoDB; DynamoDB developer guide, fine-grained access",
)

Context = dict[str, Any]
_mail: ContextVar[Mapping[str, Any]] = ContextVar("mail", default={})  # noqa: B039 - never written to
_PARTITION = re.compile(r"\s*([#\w]+)\s*=\s*(:\w+)")


def table_context(body: bytes) -> Context:
    """The partition keys that a call of DynamoDB names."""
    found = list(_partitions(_read(body)))
    return {"dynamodb:LeadingKeys": found} if found else {}


def _partitions(call: Mapping[str, Any]) -> Iterator[str]:
    for name in ("Item", "Key"):
        item = call.get(name)
        if isinstance(item, dict) and "pk" in item:
            yield str(item["pk"].get("S"))
    condition = _PARTITION.match(str(call.get("KeyConditionExpression", "")))
    if condition and call.get("ExpressionAttributeNames", {}).get(condition[1], condition[1]) == "pk":
        yield str(call["ExpressionAttributeValues"][condition[2]].get("S"))
    for items in call.get("TransactItems", []), *call.get("RequestItems", {}).values():
        for item in items.get("Keys", []) if isinstance(items, dict) else items:
            parts = [part for part in item.values() if isinstance(part, dict) and {"Item", "Key"} & part.keys()]
            for part in parts or [{"Key": item}]:
                yield from _partitions(part)


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def identity_of(address: str, region: str) -> str:
    """The identity that an address of a mail is."""
    return f"arn:aws:ses:{region}:{get_account_id()}:identity/{address}"


def install() -> None:
    """Have every call judged with its keys."""
    tables, enforce, mails = iam_actions.dynamodb_service_context, iam_evaluator.enforce, app._enforce_ses_v2

    def of_tables(body: bytes) -> Context:
        return {**tables(body), **table_context(body)}

    def of_mails(method: str, path: str, headers: Any, body: bytes, *rest: Any) -> Any:
        token = _mail.set(_read(body))
        try:
            return mails(method, path, headers, body, *rest)
        finally:
            _mail.reset(token)

    def judged(key: str, action: str, service: str, region: str, **named: Any) -> Any:
        mail = _mail.get()
        if action != "ses:SendEmail" or "FromEmailAddress" not in mail:
            return enforce(key, action, service, region, **named)
        # In the sandbox SES judges the recipients' identities too.
        people = (mail["FromEmailAddress"], *mail.get("Destination", {}).get("ToAddresses", []))
        given = {**named, "service_context": {"ses:FromAddress": mail["FromEmailAddress"]}}
        denials = (
            enforce(key, action, service, region, **{**given, "resource_arn": identity_of(one, region)})
            for one in people
        )
        return next((denied for denied in denials if denied), None)

    iam_actions.dynamodb_service_context = of_tables
    iam_evaluator.enforce = judged
    app._enforce_ses_v2 = of_mails


if __name__ == "__main__":
    install()
    app.main()
