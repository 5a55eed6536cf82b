"""The sections that a file may have: each is read by one function, found in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import yaml
from pydantic import ValidationError

from syndic.bias.policy import kept as bias
from syndic.bias.policy.file import ROOT as BIAS
from syndic.bias.policy.file import parse_policy
from syndic.checks.history.keys import POLICY as RETENTION
from syndic.checks.history.retention import DEFAULT, RetentionPolicy, days, read_retention, set_retention
from syndic.compliance.catalogue import active_frameworks, get_framework, upload_framework
from syndic.compliance.definitions.load import load_framework
from syndic.compliance.keys import version_key
from syndic.drift.policy import file as drift_file
from syndic.drift.policy import kept as drift
from syndic.errors import InvalidInputError, NotFoundError, UnknownReferenceError
from syndic.models import to_json
from syndic.policy import policy_key, rules_of
from syndic.ports import Key
from syndic.registry.approvals.requests import find_policy
from syndic.registry.keys import policy_key as approval_key
from syndic.registry.models import ApprovalPolicy
from syndic.registry.promotion.policies import read_policy, save_policy
from syndic.spelling import refuse_unknown
from syndic.tasks.configuration.alerting import alert_rules, alerting
from syndic.tasks.configuration.governance import policy_of_governance
from syndic.tasks.configuration.models import PlannedSetting, Reading
from syndic.tasks.registration import framework_id

FREQUENCY: Final = "how often a model is checked follows from its window (PATCH /models/{id})"
WHO: Final = "who is told follows from the model's owner and the alert's severity"
NOTES: Final[Mapping[str, str]] = {
    "frequency": FREQUENCY,
    "schedule": FREQUENCY,
    "baseline_window": "a baseline is set from a table or a window (POST /models/{id}/drift/baseline)",
    "comparison_window": "one window of the model is compared with the baseline",
    "channels": WHO,
    "recipients": WHO,
    "enabled": "checks run for every model that has a baseline",
}


def drift_detection(given: Any, reading: Reading) -> None:
    """A drift policy for each model of the file."""
    policy = drift_file.read_policy(_text({reading.section: given}), where=reading.where)
    for name in policy.notes:
        reading.says(
            name, f"kept as a note, decides nothing: {NOTES.get(name.rpartition('.')[2], 'it is said elsewhere')}"
        )
    if {"statistical_tests", "monitoring", "alerting"} & {*_mapping(given)}:
        reading.says(
            "statistical_tests",
            f"significance {policy.significance} over all tests of a run together, beside an effect size "
            f"(PSI over {policy.psi_threshold}): no p-value decides alone",
        )
    for model_id in _models(reading):
        present = drift.get_policy(model_id, store=reading.store)
        _plan(
            reading, f"model/{model_id}/drift", partial(drift.set_policy, model_id, policy), model_id=model_id,
            about=policy_key(policy.concern, model_id), present=rules_of(present), wanted=rules_of(policy),
        )  # fmt: skip


def bias_monitoring(given: Any, reading: Reading) -> None:
    """A fairness policy for each model of the file."""
    policy = parse_policy(_text({BIAS: given}), source=reading.where)
    if not policy.favourable:
        reading.says(
            "favourable", "not said: until the policy says which predictions favour a person, nothing is judged"
        )
    for model_id in _models(reading):
        present = bias.get_policy(model_id, store=reading.store)
        _plan(
            reading, f"model/{model_id}/bias", partial(bias.set_policy, model_id, policy), model_id=model_id,
            about=policy_key(policy.concern, model_id), present=rules_of(present), wanted=rules_of(policy),
        )  # fmt: skip


def compliance_frameworks(given: Any, reading: Reading) -> None:
    """Which frameworks hold. They are in force by themselves: what the file adds is named."""
    active = active_frameworks(reading.store)
    for name, settings in _mapping(given).items():
        identity = framework_id(str(name))
        if identity not in active:
            known = ", ".join(sorted(active))
            raise UnknownReferenceError(f"no framework {identity!r} is active; there are {known}", where=reading.where)
        inner = _mapping(settings)
        if inner.get("enabled", True) is False:
            reading.says(
                f"{name}.enabled", "nothing: a framework in force judges every model, as its questionnaires say"
            )
        else:
            reading.says(str(name), f"in force already, version {active[identity].framework.version}")
        for field in sorted({*map(str, inner)} - {"enabled"}):
            reading.says(f"{name}.{field}", _FRAMEWORK_FIELDS.get(field, "has no meaning here"))


_FRAMEWORK_FIELDS: Final[Mapping[str, str]] = {
    "requirements": "nothing: the framework's own requirements are judged, all of them, each by its evidence",
    "control_categories": "nothing: the framework's own criteria are judged, all of them",
    "risk_classification": "nothing: a model's risk level is decided with reasons (PUT .../risk-profile)",
    "evidence_collection": "nothing: evidence is collected by every check and every change",
}


def governance(given: Any, reading: Reading) -> None:
    """An approval policy, in our own fields or with required approvers, roles and conditions."""
    policy = policy_of_governance(_mapping(given), reading)
    try:
        present = to_json(find_policy(reading.store, policy.name))
    except UnknownReferenceError:
        present = {}
    _plan(
        reading, f"policy/{policy.name}", partial(_save, policy), about=approval_key(policy.name),
        present=present, wanted=to_json(policy),
    )  # fmt: skip


def approval_policies(given: Any, reading: Reading) -> None:
    """Approval policies in our own fields."""
    if not isinstance(given, list):
        raise InvalidInputError("a list of approval policies is expected", where=f"{reading.where}: {reading.section}")
    for one in given:
        governance(one, reading)


def retention(given: Any, reading: Reading) -> None:
    """For how long results of checks are kept, for all models."""
    refuse_unknown(_mapping(given), {*FIELDS_OF_RETENTION}, where=reading.where, shown=reading.section)
    present = read_retention(reading.store)
    try:
        policy = RetentionPolicy.model_validate({**days(present), **_mapping(given)})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, (reading.section, *first["loc"])))
        raise InvalidInputError(first["msg"], where=f"{reading.where}: {where}") from error
    _plan(
        reading, "retention", partial(set_retention, policy), about=RETENTION, present=days(present),
        wanted=days(policy),
    )  # fmt: skip


FIELDS_OF_RETENTION: Final = tuple(days(DEFAULT))


def framework(given: Any, reading: Reading) -> None:
    """A framework file: kept as a draft until somebody activates it."""
    text = str(given)
    compiled = load_framework(text, where=reading.where).framework
    try:
        present = {"text": get_framework(reading.store, compiled.id, compiled.version).text}
    except NotFoundError:
        present = {}
    reading.says("version", f"kept as a draft: POST /compliance/frameworks/{compiled.id}/activate puts it in force")
    upload = partial(upload_framework, text, where=reading.where)
    _plan(
        reading, f"framework/{compiled.id}/{compiled.version}", upload,
        about=version_key(compiled.id, compiled.version), present=present, wanted={"text": text},
    )  # fmt: skip


def without_meaning(reason: str) -> Callable[[Any, Reading], None]:
    """A section of which every field is named, because nothing here is decided by it."""

    def read(given: Any, reading: Reading) -> None:
        for field in _leaves(given):
            reading.says(field, reason)

    return read


SECTIONS: Final[Mapping[str, Callable[[Any, Reading], None]]] = {
    "drift_detection": drift_detection,
    BIAS: bias_monitoring,
    "compliance_frameworks": compliance_frameworks,
    "governance": governance,
    "approval_policies": approval_policies,
    "alerting": alerting,
    "alert_rules": alert_rules,
    "retention": retention,
    "compliance": without_meaning(
        "nothing: every framework in force judges every model, and every change is on record"
    ),
}


def _save(policy: ApprovalPolicy, **common: Any) -> None:
    save_policy(read_policy(to_json(policy)), **common)


def _plan(
    reading: Reading,
    target: str,
    apply: Callable[..., Any],
    *,
    about: Key,
    present: Mapping[str, Any],
    wanted: Mapping[str, Any],
    model_id: str | None = None,
) -> None:
    reading.settings.append(PlannedSetting(reading.file, target, model_id, about, present, wanted, apply))


def _models(reading: Reading) -> tuple[str, ...]:
    if not reading.models:
        raise InvalidInputError(
            "for which models? name them as `models:` in the file or with the request",
            where=f"{reading.where}: models",
        )
    return reading.models


def _text(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False)


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _leaves(given: Any, before: str = "") -> list[str]:
    if not isinstance(given, Mapping) or not given:
        return [before or "*"]
    return [leaf for name, inner in given.items() for leaf in _leaves(inner, f"{before}.{name}".strip("."))]
