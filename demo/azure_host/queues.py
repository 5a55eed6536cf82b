"""Storage queues: messages are taken, handed to their function, and deleted, given back or put aside as poison."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import QueueClient, QueueMessage, QueueServiceClient

from demo.azure_host.apps import Call, Function
from demo.azure_host.work import Work, say

HELD = 600  # seconds for which a taken message is invisible to others, as the host has it
SHORTEST_WAIT, LONGEST_WAIT = 0.1, 1.0  # between looks at an empty queue; a local demonstration is in more of a hurry
IDLE_WAIT = 3.0  # where no function ran since: what another program sends is all that can come


@dataclass(frozen=True)
class Rules:
    """What `host.json` says of queues."""

    batch: int
    tries: int
    retry_after: int
    base64: bool

    @classmethod
    def read(cls, host: Mapping[str, Any]) -> Rules:
        """The rules in a `host.json`, with the host's own defaults."""
        queues = host.get("extensions", {}).get("queues", {})
        hours, minutes, seconds = map(int, queues.get("visibilityTimeout", "00:00:00").split(":"))
        wait = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        encoding = queues.get("messageEncoding", "base64")
        return cls(
            int(queues.get("batchSize", 16)),
            int(queues.get("maxDequeueCount", 5)),
            int(wait.total_seconds()),
            encoding == "base64",
        )


class Queue:
    """A queue that starts a function."""

    def __init__(self, function: Function, service: QueueServiceClient, rules: Rules, work: Work) -> None:
        self.function, self.name = function, str(function.trigger["queueName"])
        self._client: QueueClient = service.get_queue_client(self.name)
        self._poison: QueueClient = service.get_queue_client(f"{self.name}-poison")
        self._rules, self._work = rules, work

    async def run(self, stop: asyncio.Event) -> None:
        """Take messages until asked to stop; what was taken is finished."""
        wait = SHORTEST_WAIT
        while not stop.is_set():
            messages = await asyncio.to_thread(self._receive)
            if messages:
                wait = SHORTEST_WAIT
                await asyncio.gather(*(self._take(message) for message in messages))
            else:
                idle = await self._rest(stop, wait)
                wait = min(2 * wait, IDLE_WAIT if idle else LONGEST_WAIT)

    async def _rest(self, stop: asyncio.Event, seconds: float) -> bool:
        """Sleep, of long sleeps no more than one after a function has ended; whether none has."""
        ended, left = self._work.ended, seconds
        while left > 0 and not stop.is_set() and (seconds <= LONGEST_WAIT or self._work.ended == ended):
            await _sleep(stop, min(left, LONGEST_WAIT))
            left -= LONGEST_WAIT
        return self._work.ended == ended

    def waiting(self) -> tuple[int, int]:
        """How many messages are in the queue, those being worked on included, and how many are poison."""
        return _count(self._client), _count(self._poison)

    def _receive(self) -> list[QueueMessage]:
        limit = self._rules.batch
        try:
            return list(
                self._client.receive_messages(messages_per_page=limit, max_messages=limit, visibility_timeout=HELD)
            )
        except ResourceNotFoundError:  # nobody sent anything yet
            return []

    async def _take(self, message: QueueMessage) -> None:
        text = self._text(message)
        tries = int(message.dequeue_count or 1)
        if text is None or tries > self._rules.tries:
            reason = "it cannot be decoded" if text is None else f"it was tried {tries - 1} times"
            await asyncio.to_thread(self._put_aside, message, reason)
            return
        outcome = await self._work.call(self.function, Call(text=text, metadata=_metadata(message)))
        if outcome.error is None:
            await asyncio.to_thread(self._client.delete_message, message)
        elif tries >= self._rules.tries:
            await asyncio.to_thread(self._put_aside, message, f"it failed {tries} times")
        else:
            wait = self._rules.retry_after
            await asyncio.to_thread(self._client.update_message, message, visibility_timeout=wait)

    def _text(self, message: QueueMessage) -> str | None:
        if not self._rules.base64:
            return str(message.content)
        try:
            return base64.b64decode(message.content, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return None

    def _put_aside(self, message: QueueMessage, reason: str) -> None:
        with contextlib.suppress(ResourceExistsError):
            self._poison.create_queue()
        self._poison.send_message(message.content)
        self._client.delete_message(message)
        say("put aside", queue=self.name, message=message.id, reason=reason)


def _count(client: QueueClient) -> int:
    try:
        return int(client.get_queue_properties().approximate_message_count or 0)
    except ResourceNotFoundError:
        return 0


def _metadata(message: QueueMessage) -> dict[str, Any]:
    times = {
        "ExpirationTime": message.expires_on,
        "InsertionTime": message.inserted_on,
        "NextVisibleTime": message.next_visible_on,
    }
    known = {"Id": message.id, "DequeueCount": message.dequeue_count, "PopReceipt": message.pop_receipt}
    return known | {name: moment.strftime("%Y-%m-%dT%H:%M:%SZ") for name, moment in times.items() if moment is not None}


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
