"""A world whose outside calls can be made to fail: the k-th one, before it, after it, or with the whole process."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from syndic.adapters.memory import MemoryInferenceLog
from syndic.audit.appending.inbox import Inbox
from syndic.captures.endpoint import ToldModels
from syndic.errors import UnavailableError
from syndic.gateway.predict import Gateway
from syndic.gateway.serving import Serving
from syndic.gateway.state import read_state
from syndic.mirror.exchange import Side
from tests.edges.world import World

MODES = ("before", "after", "killed")
PORTS = (
    "store",
    "archive",
    "log_archive",
    "bus",
    "captures",
    "notifier",
    "channels",
    "source",
    "maps",
    "traffic",
    "endpoint_metrics",
    "directory",
)
OF_THE_TEST = frozenset({"of", "subscribe", "deliver", "add", "capture", "state", "serve"})


class Killed(BaseException):
    """The process ended."""


class Fault:
    """Counts the outside calls of a run and makes one of them fail; 0 lets all pass."""

    def __init__(self, at: int = 0, mode: str = "before") -> None:
        self.at, self.mode, self.calls = at, mode, 0

    def through(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def passed(*args: Any, **options: Any) -> Any:
            self.calls += 1
            mine = self.at == self.calls
            if mine and self.mode == "before":
                raise UnavailableError("injected before the call")
            answer = call(*args, **options)
            if hasattr(answer, "__next__"):
                answer = iter(list(answer))
            if mine and self.mode == "after":
                raise UnavailableError("injected after the call")
            if mine:
                raise Killed
            return answer

        return passed


class Faulty:
    """A port through which every call is counted."""

    def __init__(self, inner: Any, fault: Fault) -> None:
        self._inner, self._fault = inner, fault

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name.startswith("_") or not callable(found) or name in OF_THE_TEST:
            return found
        return self._fault.through(found)


class FaultyWorld:
    """A world behind faulty ports. Entries wait in the faulty store, as they do in the cloud."""

    def __init__(self, world: World, fault: Fault) -> None:
        self.world, self.fault = world, fault
        for name in PORTS:
            inner = getattr(world, name)
            setattr(self, name, None if inner is None else Faulty(inner, fault))
        self.sources = (self.source, ToldModels(self.store))  # type: ignore[attr-defined]
        self.received = self.eraser = self.captures  # type: ignore[attr-defined]
        self.registries = tuple(Faulty(one, fault) for one in world.registries)
        there = world.azure
        self.azure = None if there is None else Side(Faulty(there.store, fault), Faulty(there.bus, fault))

    @cached_property
    def gateway(self) -> Gateway:
        serving = Serving(lambda model_id: read_state(self.store, model_id), clock=self.world.now)  # type: ignore[attr-defined]
        return Gateway(serving, self.world.backends, MemoryInferenceLog(), self.world.now, stream="faulty")

    @property
    def audit(self) -> Inbox:
        return Inbox(self.store)  # type: ignore[attr-defined]

    @property
    def chain(self) -> Any:
        return self.store  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)
