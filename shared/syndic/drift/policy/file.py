"""Drift policies written as YAML: our own field names, or the ``drift_detection`` shape of a configuration file.

In that shape the thresholds of ``ks_test`` and ``chi_square`` are significance levels, the one of ``psi`` an effect
size, and ``severity_levels`` are written as ``psi > 0.25``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from syndic.drift.policy.model import DriftPolicy
from syndic.errors import InvalidInputError
from syndic.models import Finite
from syndic.spelling import refusal, refuse_unknown
from syndic.yaml_file import load_yaml

_LEVEL: Final = re.compile(r"\s*psi\s*>=?\s*([0-9.]+)\s*")
_DEFAULT_DISTANCE: Final = 0.1  # SageMaker Model Monitor's comparison_threshold
_SIZE: Final = 1_000_000

_ROOT: Final = "drift_detection"
_TESTS: Final[Mapping[str, frozenset[str]]] = {
    "ks_test": frozenset({"enabled", "threshold", "features"}),
    "psi": frozenset({"enabled", "threshold", "features", "buckets"}),
    "chi_square": frozenset({"enabled", "threshold", "features", "categorical_only"}),
}
# What is decided elsewhere (how often, over which time, who is told) is read and kept as notes.
_PARTS: Final[Mapping[str, frozenset[str]]] = {
    "statistical_tests": frozenset(),
    "monitoring": frozenset(
        {"enabled", "frequency", "schedule", "baseline_window", "comparison_window", "min_samples"}
    ),
    "alerting": frozenset({"enabled", "channels", "recipients", "severity_levels"}),
}


def read_policy(text: str | bytes, *, where: str = "policy") -> DriftPolicy:
    """A policy from YAML. Raises `InvalidInputError` that names the field or the line."""
    if len(text) > _SIZE:
        raise InvalidInputError(f"a policy has at most {_SIZE} characters", where=where)
    document = load_yaml(text, where=where)
    if not isinstance(document, Mapping):
        raise InvalidInputError("a mapping of settings is expected", where=where)
    given = document.get(_ROOT, document)
    if not isinstance(given, Mapping):
        raise InvalidInputError("drift_detection is a mapping of settings", where=where)
    shown = "" if given is document else _ROOT
    if given is not document:
        refuse_unknown(document, {_ROOT}, where=where)
    refuse_unknown(given, _PARTS.keys() | DriftPolicy.model_fields.keys(), where=where, shown=shown)
    founding = _PARTS.keys() & given.keys()
    fields = _founding_fields(given, where) if founding else dict(given)
    try:
        return DriftPolicy.model_validate(fields)
    except ValidationError as error:
        raise refusal(error, DriftPolicy, where=where) from error


def _founding_fields(given: Mapping[str, Any], where: str) -> dict[str, Any]:
    ours = DriftPolicy.model_fields.keys()
    tests = _tests(given.get("statistical_tests", []), where)
    monitoring = _mapping(given, "monitoring", where)
    alerting = _mapping(given, "alerting", where)
    fields: dict[str, Any] = {name: value for name, value in given.items() if name in ours}
    fields["notes"] = _notes(monitoring, alerting)
    psi = tests.get("psi", {})
    if psi.get("enabled", True):
        fields.update({own: psi[theirs] for own, theirs in _PSI.items() if theirs in psi})
    else:
        fields.update(psi_threshold=None, distance_threshold=_DEFAULT_DISTANCE)
    levels = [
        test["threshold"]
        for name in ("ks_test", "chi_square")
        if (test := tests.get(name, {})).get("enabled", True) and "threshold" in test
    ]
    if levels:
        fields["significance"] = min(levels)
    named = [test["features"] for test in tests.values() if test.get("features", "all") != "all"]
    if not all(isinstance(names, list) for names in named):
        raise InvalidInputError("features are a list of columns, or all", where=_at(where, "statistical_tests"))
    if named:
        fields["features"] = tuple(sorted({name for names in named for name in names}))
    if "min_samples" in monitoring:
        fields["min_samples"] = monitoring["min_samples"]
    if "severity_levels" in alerting:
        fields["severity_levels"] = _levels(alerting["severity_levels"], where)
    return fields


_PSI: Final = {"psi_threshold": "threshold", "buckets": "buckets"}


def _tests(given: Any, where: str) -> dict[str, Mapping[str, Any]]:
    """The list of one-entry mappings as one mapping."""
    entries = given if isinstance(given, list) else [given]
    found: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise InvalidInputError("each test is a mapping such as psi: {threshold: 0.1}", where=_at(where, "tests"))
        for name, settings in entry.items():
            refuse_unknown({name: None}, _TESTS, where=where, shown=f"{_ROOT}.statistical_tests", what="test")
            settings = settings or {}  # noqa: PLW2901 - `psi:` alone takes the defaults
            if not isinstance(settings, Mapping):
                raise InvalidInputError("a mapping is expected", where=_at(where, f"statistical_tests.{name}"))
            refuse_unknown(settings, _TESTS[name], where=where, shown=f"{_ROOT}.statistical_tests.{name}")
            place = _at(where, f"statistical_tests.{name}")
            found[name] = {key: _plain(key, value, place) for key, value in settings.items()}
    return found


_PLAIN: Final[Mapping[str, TypeAdapter[Any]]] = {"enabled": TypeAdapter(bool), "threshold": TypeAdapter(Finite)}


def _plain(key: str, value: Any, place: str) -> Any:
    """A boolean or a number, quoted or not: ``"false"`` is false, not true for being a text that is not empty."""
    if key not in _PLAIN:
        return value
    said = f"{'true or false' if key == 'enabled' else 'a number'} is expected, not {value!r}"
    if key == "threshold" and isinstance(value, bool):
        raise InvalidInputError(said, where=f"{place}.{key}")
    try:
        return _PLAIN[key].validate_python(value)
    except ValidationError as error:
        raise InvalidInputError(said, where=f"{place}.{key}") from error


def _levels(given: Any, where: str) -> dict[str, float]:
    place = _at(where, "alerting.severity_levels")
    if not isinstance(given, Mapping):
        raise InvalidInputError("severity levels are a mapping such as critical: psi > 0.25", where=place)
    found: dict[str, float] = {}
    for name, rule in given.items():
        if isinstance(rule, (int, float)) and not isinstance(rule, bool):
            found[str(name)] = float(rule)
            continue
        match = _LEVEL.fullmatch(str(rule))
        if match is None:
            raise InvalidInputError(f"{rule!r} is not of the form psi > 0.25", where=f"{place}.{name}")
        found[str(name)] = float(match.group(1))
    return found


def _mapping(given: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    value = given.get(name) or {}
    if not isinstance(value, Mapping):
        raise InvalidInputError("a mapping is expected", where=_at(where, name))
    refuse_unknown(value, _PARTS[name], where=where, shown=f"{_ROOT}.{name}")
    return value


def _notes(monitoring: Mapping[str, Any], alerting: Mapping[str, Any]) -> dict[str, str]:
    """Settings that are decided elsewhere: how often, over which time, and who is told."""
    notes = {f"monitoring.{name}": str(value) for name, value in monitoring.items() if name != "min_samples"}
    return notes | {f"alerting.{name}": str(value) for name, value in alerting.items() if name != "severity_levels"}


def _at(where: str, place: str) -> str:
    return f"{where}: {_ROOT}.{place}"
