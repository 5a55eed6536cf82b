"""``syndic alerts silence``, ``syndic alerts test``, ``syndic alerts routes`` and ``syndic alerts rules``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from syndic.cli.registry.places import open_client
from syndic.cli.shell.tables import table
from syndic.errors import InvalidInputError


def silence(
    *, matchers: tuple[str, ...], until: datetime | None, comment: str | None, end: str | None, api: str | None,
    token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Make a silence, end one, or list those that are kept."""
    from syndic.cli.registry.text import say

    client = open_client(api, token_file)
    if end is not None:
        ended = client.send("DELETE", f"/alerts/silences/{end}", {})
        say(output_format, ended, f"ended: {ended['id']}")
        return 0
    if not matchers:
        found = client.get("/alerts/silences")
        rows = [[one["id"], one["ends_at"], one["created_by"], " ".join(one["matchers"])] for one in found["silences"]]
        say(output_format, found, table(["id", "until", "by", "matchers"], rows) if rows else "no silences")
        return 0
    if until is None or not comment:
        raise InvalidInputError("say until when and why", where="--for, --comment")
    body = {"matchers": list(matchers), "ends_at": until.isoformat(), "comment": comment}
    made = client.send("POST", "/alerts/silences", body)
    say(output_format, made, f"{made['id']}: quiet until {made['ends_at']}")
    return 0


def try_receiver(*, receiver: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Send a receiver a test message, and say what became of it."""
    from syndic.cli.registry.text import say

    found = open_client(api, token_file).send("POST", f"/alerts/receivers/{receiver}/test", {})
    words = {True: "sent", False: "not sent", None: "unknown whether it was taken"}
    reason = f": {found['reason']}" if found["reason"] else ""
    say(output_format, found, f"{receiver}: {words[found['sent']]}{reason}")
    return 0 if found["sent"] else 1


def try_routes(*, file: Path | None, api: str | None, token_file: Path | None, output_format: str) -> int:
    """What a routing would have told in the past 30 days."""
    from syndic.cli.registry.text import say

    body: dict[str, Any] = {}
    if file is not None:
        document = _document(file)
        inner = document.get("alerting", document)
        body = {"routing": json.loads(json.dumps({name: inner[name] for name in inner if name != "receivers"}))}
    found = open_client(api, token_file).send("POST", "/alerts/routes/dry-run", body)
    lines = [f"{one['receiver']}: would have told {one['messages']} times" for one in found["receivers"]]
    lines.append(f"{found['alerts']} alerts in 30 days, {found['untold']} of them told to nobody")
    say(output_format, found, "\n".join(lines))
    return 0


def try_rules(*, file: Path | None, api: str | None, token_file: Path | None, output_format: str) -> int:
    """What rules hold for now, and what they would have raised and told in the past 30 days."""
    from syndic.cli.registry.text import say

    client = open_client(api, token_file)
    rules = client.get("/alerts/rules")["rules"] if file is None else _document(file).get("alert_rules")
    if not isinstance(rules, list):
        raise InvalidInputError("a list is expected", where=f"{file}: alert_rules")
    tried = [(one, client.send("POST", "/alerts/rules/dry-run", json.loads(json.dumps(one)))) for one in rules]
    answer = {"rules": [{"name": one["name"], **found} for one, found in tried]}
    lines = [line for one, found in tried for line in _said(one["name"], found)]
    say(output_format, answer, "\n".join(lines) if lines else "no rules")
    return 0


def _said(name: str, found: Mapping[str, Any]) -> Iterator[str]:
    past = found["past"]
    yield f"{name}: holds now for {len(found['holds'])} of {found['models']} models"
    told = ", ".join(f"{one['receiver']} {one['messages']} times" for one in past["tells"]) or "nobody"
    yield f"  in 30 days: {past['raised']} alerts at {len(past['models'])} models; would have told {told}"
    for model, since in past["shortened"].items():
        yield f"  {model}: could be judged since {since} only"
    for model, reason in (found["unjudged"] | past["unjudged"]).items():
        yield f"  {model}: not judged: {reason}"
    if past["unread"]:
        yield f"  not looked back at: {past['unread']} models, as there is too much to read at once"


def _document(file: Path) -> dict[str, Any]:
    import yaml

    try:
        document = yaml.safe_load(file.read_text("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidInputError(f"no YAML: {str(error)[:200]}", where=str(file)) from None
    if not isinstance(document, dict):
        raise InvalidInputError("a mapping is expected", where=str(file))
    return document
