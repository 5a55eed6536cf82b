# Made from ../_async by client/generate.py: change it there.
"""Receivers of alerts, what they were told, and who is who in a chat."""

from __future__ import annotations

from typing import Unpack

from syndic_client._sync.transport import Transport
from syndic_client.bodies import ChatPersonSettings, ReceiverSettings
from syndic_client.calls import change, get, named
from syndic_client.schemas import (
    ChatPeople,
    ChatPerson,
    Deliveries,
    DeliveryState,
    Receiver,
    ReceiverDryRun,
    Receivers,
    ReceiverTest,
)


class AlertReceivers:
    """Whom alerts are told to."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def list(self) -> Receivers:
        """Every receiver, by name. A hundred at most."""
        return self._api.ask(Receivers, get("alerts", "receivers"))

    def get(self, receiver: str | Receiver) -> Receiver:
        """A receiver. Its secret is named, never shown."""
        return self._api.ask(Receiver, get("alerts", "receivers", named(receiver)))

    def set(self, receiver: str | Receiver, **fields: Unpack[ReceiverSettings]) -> Receiver:
        """Set a receiver: the next digests tell it of every open alert that concerns it and that it was not told."""
        call = change("PUT", "alerts", "receivers", named(receiver), body=fields, of=receiver)
        return self._api.ask(Receiver, call)

    def remove(self, receiver: str | Receiver) -> Receivers:
        """Remove a receiver: it is told nothing any more. Answers with those that are left."""
        call = change("DELETE", "alerts", "receivers", named(receiver), of=receiver)
        return self._api.ask(Receivers, call)

    def try_out(self, receiver: Receiver, *, idempotency_key: str | None = None) -> ReceiverDryRun:
        """What a receiver, set so, would have been told in the past 30 days. Nothing is sent or kept."""
        call = change("POST", "alerts", "receivers", "dry-run", body=receiver, key=idempotency_key)
        return self._api.ask(ReceiverDryRun, call)

    def test(self, receiver: str | Receiver, *, idempotency_key: str | None = None) -> ReceiverTest:
        """Send a receiver a message that says it is a test, and tell what became of it."""
        call = change("POST", "alerts", "receivers", named(receiver), "test", key=idempotency_key)
        return self._api.ask(ReceiverTest, call)

    def deliveries(self) -> Deliveries:
        """What each receiver was told of each group of alerts, and what it did not take."""
        return self._api.ask(Deliveries, get("alerts", "deliveries"))

    def retry(self, delivery: str, *, idempotency_key: str | None = None) -> DeliveryState:
        """Let the next run try again what a receiver did not take."""
        call = change("POST", "alerts", "deliveries", delivery, "retry", key=idempotency_key)
        return self._api.ask(DeliveryState, call)

    def people(self) -> ChatPeople:
        """Who the members of a chat are. Nobody else changes anything by a button."""
        return self._api.ask(ChatPeople, get("alerts", "people"))

    def person(self, member: str) -> ChatPerson:
        """Who a member of a chat is."""
        return self._api.ask(ChatPerson, get("alerts", "people", member))

    def set_person(self, member: str, **fields: Unpack[ChatPersonSettings]) -> ChatPerson:
        """Say whose account a member of a chat has: by a button they may do what the account may at that moment."""
        call = change("PUT", "alerts", "people", member, body=fields)
        return self._api.ask(ChatPerson, call)

    def forget_person(self, member: str) -> ChatPeople:
        """Forget who a member is: by buttons they change nothing any more. Answers with those that are left."""
        call = change("DELETE", "alerts", "people", member)
        return self._api.ask(ChatPeople, call)
