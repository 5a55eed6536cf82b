"""Functions that answer HTTP: which one a path belongs to. Keys are not asked for, as in Azure's own local host."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from demo.azure_host.apps import Call, Function, Reply, Request
from demo.azure_host.work import Work

PREFIX = "/api/"  # the host's own, unless host.json names another


@dataclass(frozen=True)
class Routes:
    """The functions that a request starts."""

    functions: Sequence[Function]
    work: Work

    async def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """What a function answers; 404 where none does, 500 where it raised."""
        parts = urlsplit(path)
        for function in self.functions:
            found = _pattern(function).fullmatch(parts.path)
            if found is None or method not in _methods(function):
                continue
            request = Request(
                method, path, dict(headers), dict(parse_qsl(parts.query)),
                {name: unquote(value) for name, value in found.groupdict().items()}, body,
            )  # fmt: skip
            outcome = await self.work.call(function, Call(http=request))
            return outcome.reply or Reply(500, {}, b"")
        return Reply(404, {}, b"")


def _pattern(function: Function) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", str(function.trigger["route"]))
    written = (re.escape(part) if number % 2 == 0 else f"(?P<{part}>[^/]+)" for number, part in enumerate(parts))
    return re.compile(re.escape(PREFIX) + "".join(written))


def _methods(function: Function) -> set[str]:
    return {str(one).upper() for one in function.trigger["methods"]}
