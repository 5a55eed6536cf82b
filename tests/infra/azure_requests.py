"""A control plane behind the functions' own client, which can die or hear nothing at any call."""

from __future__ import annotations

import copy
from typing import Any

import urllib3

from functions.azure_stack.arm import Arm
from tests.infra.azure_world import (
    GROUP,
    SUBSCRIPTION,
    MemoryFiles,
    azure_arm,
    choices,
    properties,
    request,
    waited_for,
)
from tests.infra.fake_arm import FakeArm

STACK_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Resources/deploymentStacks/syndic"


class Killed(BaseException):
    """The process ends here."""


class World:
    """A control plane, the functions' client of it, and one set of files."""

    def __init__(self, fake: FakeArm, address: str) -> None:
        self.fake, self.address = fake, address
        self.files = MemoryFiles()
        self.wanted = properties(choices(), self.files)
        self.token_calls = 10_000
        self._new_client()

    def _new_client(self) -> None:
        self.arm = Arm(lambda: self.fake.token(self.token_calls), address=self.address, pool=Pool(self))

    def run(self, kind: str, number: int, *, physical: str | None = STACK_ID, **options: Any) -> dict[str, Any]:
        wanted = options.pop("wanted", self.wanted)
        event = request(kind, number, wanted, None if kind == "Create" else physical)
        return waited_for(event, lambda _: self.arm, self.files, **options)

    def state(self) -> dict[str, Any]:
        return copy.deepcopy(self.fake.snapshot())


class Pool(urllib3.PoolManager):
    """Sends requests, and dies or hears nothing where it is told to."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.sent = world, 0
        self.killed_before: set[int] = set()
        self.killed_after: set[int] = set()
        self.unheard: set[int] = set()

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        self.sent += 1
        if self.sent in self.killed_before:
            raise Killed
        answer = super().request(method, url, *arguments, **options)
        if self.sent in self.killed_after:
            raise Killed
        if self.sent in self.unheard:
            raise urllib3.exceptions.ReadTimeoutError(None, url, "Read timed out.")  # type: ignore[arg-type]
        return answer


def again(world: World) -> World:
    """The same Azure, before anything was asked of it."""
    fresh = azure_arm()
    world.fake.__dict__.update({name: value for name, value in vars(fresh).items() if name != "_lock"})
    return World(world.fake, world.address)
