"""The labels that there are: a condition on one that no alert has would hold never, or always, and nobody would see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from syndic.alerting.models.routing import Route, Routing
from syndic.alerting.routing.matchers import Matcher, read_matcher
from syndic.errors import InvalidInputError
from syndic.spelling import unknown_name

TAG: Final = "tag_"
"""How the label of a model's tag begins."""
OF_MODELS: Final = frozenset({"model", "model_name", "owner", "cloud", "domain", "stages"})
OF_ALERTS: Final = OF_MODELS | {"concern", "severity", "subject", "measure", "assignee"}


def check_labels(routing: Routing, *, where: str = "") -> None:
    """Raise `InvalidInputError` that names the field in which a routing speaks of a label that there is not."""
    for number, rule in enumerate(routing.inhibit_rules):
        at = f"{where}inhibit_rules[{number}]"
        check_names(rule.equal, where=f"{at}.equal")
        for name in ("source_matchers", "target_matchers"):
            texts: tuple[str, ...] = getattr(rule, name)
            check_matchers(_read(texts, f"{at}.{name}"), where=f"{at}.{name}")
    for at, route in _routes(routing.route, f"{where}route"):
        check_names(route.group_by or (), where=f"{at}.group_by")
        check_matchers(_read(route.matchers, f"{at}.matchers"), where=f"{at}.matchers")


def check_matchers(
    matchers: Iterable[Matcher], *, where: str, known: frozenset[str] = OF_ALERTS, what: str = "label"
) -> None:
    """Raise `InvalidInputError` that names the first matcher of a label that there is not."""
    for number, one in enumerate(matchers):
        _check(one.label, f"{where}[{number}]", known, what)


def check_names(labels: Iterable[str], *, where: str) -> None:
    """Raise `InvalidInputError` for the first label that there is not."""
    for number, one in enumerate(labels):
        _check(one, f"{where}[{number}]", OF_ALERTS, "label")


def _check(label: str, where: str, known: frozenset[str], what: str) -> None:
    if label not in known and not (label.startswith(TAG) and len(label) > len(TAG)):
        raise InvalidInputError(f"{unknown_name(label, known, what=what)} Tags of models are tag_<name>", where=where)


def _read(texts: Iterable[str], where: str) -> Iterator[Matcher]:
    for number, text in enumerate(texts):
        yield read_matcher(text, where=f"{where}[{number}]")


def _routes(route: Route, where: str) -> Iterator[tuple[str, Route]]:
    yield where, route
    for number, child in enumerate(route.routes):
        yield from _routes(child, f"{where}.routes[{number}]")
