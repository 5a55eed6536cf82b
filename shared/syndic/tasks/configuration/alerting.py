"""Whom alerts reach, from a file: routes, inhibit rules, time intervals, receivers and rules in our own fields."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from syndic.alerting.keys import receiver_key, routing_key, rule_key
from syndic.alerting.models import Receiver
from syndic.alerting.models.routing import Routing, as_written
from syndic.alerting.models.rules import AlertRule
from syndic.alerting.receivers import find_receiver, keep_receiver, list_receivers
from syndic.alerting.routing.kept import get_routing, set_routing
from syndic.alerting.routing.labels import check_labels
from syndic.alerting.routing.tree import compile_routing
from syndic.alerting.rules.kept import check_rule, find_rule, set_rule
from syndic.errors import InvalidInputError
from syndic.models import to_json
from syndic.spelling import refuse_unknown
from syndic.tasks.configuration.models import PlannedSetting, Reading

Read = TypeVar("Read", bound=BaseModel)
ROUTING: Final = frozenset(Routing.model_fields)
OURS: Final = ROUTING | {"receivers"}
WORDS: Final[Mapping[str, str]] = {
    "channels": "nothing: a receiver has a channel, and its secret is named, not given (alerting.receivers)",
    "recipients": "nothing: owners are told by mail, others are receivers (alerting.receivers)",
    "enabled": "nothing: alerts follow from findings; silences keep them quiet",
}
OTHERWISE: Final = "nothing: alerts follow from findings and go to the model's owner and to receivers"


def alerting(given: Any, reading: Reading) -> None:
    """The routing and the receivers of a file. What else it says is named."""
    if not isinstance(given, Mapping):
        raise InvalidInputError("a mapping is expected", where=f"{reading.where}: {reading.section}")
    for name in given.keys() - OURS:
        reading.says(str(name), WORDS.get(str(name), OTHERWISE))
    receivers = [_receiver(one, number, reading) for number, one in enumerate(given.get("receivers") or ())]
    for one in receivers:
        there = find_receiver(reading.store, one.name)
        plan = PlannedSetting(
            reading.file, f"receiver/{one.name}", None, receiver_key(one.name),
            {} if there is None else to_json(there), to_json(one), partial(keep_receiver, one),
        )  # fmt: skip
        reading.settings.append(plan)
    if not ROUTING & given.keys():
        return
    where = f"{reading.where}: {reading.section}"
    wanted = _read(Routing, {name: given[name] for name in ROUTING & given.keys()}, where)
    known = {one.name for one in receivers} | {one.name for one in list_receivers(reading.store)}
    compile_routing(wanted, frozenset(known), where=f"{where}.")
    check_labels(wanted, where=f"{where}.")
    kept = get_routing(reading.store)
    present = as_written(kept.routing) if kept.version and kept.changed_by else {}
    plan = PlannedSetting(
        reading.file, "alerting/routing", None, routing_key(), present, as_written(wanted), partial(set_routing, wanted)
    )
    reading.settings.append(plan)


def alert_rules(given: Any, reading: Reading) -> None:
    """Rules in our own fields, a list of them."""
    if not isinstance(given, list):
        raise InvalidInputError("a list of rules is expected", where=f"{reading.where}: {reading.section}")
    for number, one in enumerate(given):
        where = f"{reading.where}: {reading.section}[{number}]"
        if not isinstance(one, Mapping):
            raise InvalidInputError("a mapping is expected", where=where)
        refuse_unknown(one, AlertRule.model_fields.keys(), where=where, what="field")
        rule = _read(AlertRule, one, where)
        check_rule(rule, where=f"{where}.")
        there = find_rule(reading.store, rule.name)
        present = {} if there is None else to_json(there)
        reading.settings.append(
            PlannedSetting(
                reading.file, f"rule/{rule.name}", None, rule_key(rule.name), present, to_json(rule),
                partial(set_rule, rule),
            )
        )  # fmt: skip


def _receiver(given: Any, number: int, reading: Reading) -> Receiver:
    where = f"{reading.where}: {reading.section}.receivers[{number}]"
    if not isinstance(given, Mapping):
        raise InvalidInputError("a mapping is expected", where=where)
    refuse_unknown(given, Receiver.model_fields.keys(), where=where, what="field")
    return _read(Receiver, given, where)


def _read(kind: type[Read], given: Mapping[str, Any], where: str) -> Read:
    try:
        return kind.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(first["msg"].removeprefix("Value error, "), where=f"{where}.{place}") from error
