"""Rules of alerts: list, set, remove, try. For admins."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from functions.api.inputs import Clouds, Person, by_whom
from syndic.alerting.models.rules import AlertRule, AlertRuleSettings, RuleTrial
from syndic.alerting.rules import kept
from syndic.alerting.telling import trial
from syndic.models import Noun

router = Router()

RuleName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="Name of a rule")]


class AlertRules(Noun):
    """Every rule."""

    rules: tuple[AlertRule, ...]


@router.get("/alerts/rules", tags=["alerts"])
def list_rules(clouds: Clouds) -> AlertRules:
    """Every rule, by name. A hundred at most."""
    return AlertRules(rules=tuple(kept.list_rules(clouds.store)))


@router.post("/alerts/rules", tags=["alerts"])
def add_rule(clouds: Clouds, person: Person, rule: Annotated[AlertRule, Body()]) -> AlertRule:
    """Set a rule under the name that it has."""
    return kept.set_rule(rule, **by_whom(clouds, person))


@router.post("/alerts/rules/dry-run", tags=["alerts"])
def try_rule(clouds: Clouds, rule: Annotated[AlertRule, Body()]) -> RuleTrial:
    """For which models a rule holds now, and what it would have told in the past 30 days. Nothing is kept or sent."""
    from syndic.tasks.watch.past_evidence import EvidenceHistory  # noqa: PLC0415 - loads statistics, which no other request needs

    return trial.try_rule(rule, past=partial(EvidenceHistory, clouds.store), store=clouds.store, now=clouds.now())


@router.get("/alerts/rules/<rule>", tags=["alerts"])
def read_rule(clouds: Clouds, rule: RuleName) -> AlertRule:
    """A rule."""
    return kept.get_rule(clouds.store, rule)


@router.put("/alerts/rules/<rule>", tags=["alerts"])
def set_rule(
    clouds: Clouds, person: Person, rule: RuleName, settings: Annotated[AlertRuleSettings, Body()]
) -> AlertRule:
    """Set a rule: it is judged within the hour."""
    return kept.set_rule(AlertRule(name=rule, **settings.model_dump()), **by_whom(clouds, person))


@router.delete("/alerts/rules/<rule>", tags=["alerts"])
def remove_rule(clouds: Clouds, person: Person, rule: RuleName) -> AlertRules:
    """Remove a rule: what it raised is over within the hour. Answers with those that are left."""
    kept.remove_rule(rule, **by_whom(clouds, person))
    return list_rules(clouds)
