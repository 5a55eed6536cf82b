# Made from ../_async by client/generate.py: change it there.
"""Rules that raise alerts of their own."""

from __future__ import annotations

from typing import Unpack

from syndic_client._sync.transport import Transport
from syndic_client.bodies import AlertRuleSettings
from syndic_client.calls import change, get, named
from syndic_client.schemas import AlertRule, AlertRules, RuleTrial


class RuleBook:
    """Rules on what is kept of models."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def list(self) -> AlertRules:
        """Every rule, by name. A hundred at most."""
        return self._api.ask(AlertRules, get("alerts", "rules"))

    def get(self, rule: str | AlertRule) -> AlertRule:
        """A rule."""
        return self._api.ask(AlertRule, get("alerts", "rules", named(rule)))

    def add(self, rule: AlertRule, *, idempotency_key: str | None = None) -> AlertRule:
        """Set a rule under the name that it has."""
        call = change("POST", "alerts", "rules", body=rule, key=idempotency_key)
        return self._api.ask(AlertRule, call)

    def set(self, rule: str | AlertRule, **fields: Unpack[AlertRuleSettings]) -> AlertRule:
        """Set a rule: it is judged within the hour."""
        call = change("PUT", "alerts", "rules", named(rule), body=fields, of=rule)
        return self._api.ask(AlertRule, call)

    def remove(self, rule: str | AlertRule) -> AlertRules:
        """Remove a rule: what it raised is over within the hour. Answers with those that are left."""
        call = change("DELETE", "alerts", "rules", named(rule), of=rule)
        return self._api.ask(AlertRules, call)

    def try_out(self, rule: AlertRule, *, idempotency_key: str | None = None) -> RuleTrial:
        """For which models a rule holds now, and what it would have told in 30 days. Nothing is kept or sent."""
        call = change("POST", "alerts", "rules", "dry-run", body=rule, key=idempotency_key)
        return self._api.ask(RuleTrial, call)
