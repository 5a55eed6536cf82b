"""SageMaker Model Monitor's files: its baselines are read, and reports are written as its violations.

Read leniently where real files deviate from the documented schema, and refused where a file does not say what it must.
Source: Amazon SageMaker Developer Guide, "Schema for Statistics", "Schema for Constraints", "Schema for Violations";
Karnin, Lang & Liberty, FOCS 2016 for the sketch, in which a value on level i stands for 2^i rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from syndic.drift.baseline.model import (
    LEVELS,
    Baseline,
    CategoricalBaseline,
    ColumnBaseline,
    Floats,
    Ints,
    NumericBaseline,
)
from syndic.drift.baseline.summary import shorten, summarise_weighted
from syndic.errors import InvalidInputError
from syndic.json_text import RepeatedNameError, parse_json

VERSIONS: Final = (0.0, 1.0)
_NUMERIC: Final = frozenset({"integral", "fractional"})
_SPREAD: Final = 100  # points that stand for the rows of one equal-width bucket
_LIMIT: Final = 64


def import_baseline(statistics: bytes, constraints: bytes | None = None, *, where: str = "statistics.json") -> Baseline:
    """A baseline from ``statistics.json``, and from ``constraints.json`` when it is there.

    Numeric columns are rebuilt from the KLL sketch, or from the ten equal-width buckets when there is no sketch; text
    columns from their buckets. What was approximated is said in the notes.

    Raises:
        InvalidInputError: The file is cut short, no JSON, of an unknown version, or a column lacks its counts.
    """
    document = _object(statistics, where)
    _check_version(document, where)
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise InvalidInputError("the list of features is missing or empty", where=where)
    columns: dict[str, ColumnBaseline] = {}
    notes: list[str] = [f"imported from SageMaker Model Monitor ({where.rsplit('/', 1)[-1]}): counts are rebuilt"]
    for place, feature in enumerate(features):
        at = f"{where}: features[{place}]"
        if not isinstance(feature, Mapping) or not isinstance(feature.get("name"), str):
            raise InvalidInputError("a feature has no name", where=at)
        column = _column(feature, at, notes)
        if column is not None:
            columns[feature["name"]] = column
    if not columns:
        raise InvalidInputError("no feature has statistics that can be used", where=where)
    if constraints is not None:
        notes.extend(_constraint_notes(_object(constraints, "constraints.json"), columns))
    rows = _item_count(document)
    if rows is None:
        rows = max(column.present + column.missing for column in columns.values())
    return Baseline(rows=rows, columns=dict(sorted(columns.items())), notes=tuple(notes))


def comparison_threshold(constraints: bytes) -> float | None:
    """The drift threshold in a ``constraints.json``, for a policy's `distance_threshold`; None when it has none."""
    monitoring = _object(constraints, "constraints.json").get("monitoring_config") or {}
    distribution = monitoring.get("distribution_constraints") or {} if isinstance(monitoring, Mapping) else {}
    value = distribution.get("comparison_threshold") if isinstance(distribution, Mapping) else None
    return float(value) if isinstance(value, (int, float)) and 0 < value <= 1 else None


def is_statistics(data: bytes) -> bool:
    """Whether a file is meant to be Model Monitor's ``statistics.json``, whole or not, and no table of rows."""
    try:
        document = parse_json(data)
    except (ValueError, RecursionError):
        return b'"features"' in data and b"_statistics" in data
    if not isinstance(document, Mapping):
        return False
    features = document.get("features")
    described = isinstance(features, list) and any(isinstance(one, Mapping) and "name" in one for one in features)
    return described or "dataset" in document or ("version" in document and "features" in document)


def _object(data: bytes, where: str) -> Mapping[str, Any]:
    try:
        document = parse_json(data)
    except RepeatedNameError as error:
        raise InvalidInputError(str(error), where=where) from None
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise InvalidInputError("the file is cut short or is no JSON", where=where, line=line) from error
    if not isinstance(document, Mapping):
        raise InvalidInputError("a JSON object is expected", where=where)
    return document


def _check_version(document: Mapping[str, Any], where: str) -> None:
    version = document.get("version")
    if version is None:
        raise InvalidInputError("the field version is missing", where=where)
    try:
        known = float(version) in VERSIONS
    except (TypeError, ValueError):
        known = False
    if not known:
        raise InvalidInputError(f"version {str(version)[:40]!r} is not known; 0 and 1.0 are", where=where)


def _column(feature: Mapping[str, Any], at: str, notes: list[str]) -> ColumnBaseline | None:
    kind = str(feature.get("inferred_type", "")).lower()
    numbers, texts = feature.get("numerical_statistics"), feature.get("string_statistics")
    if isinstance(numbers, Mapping) and (kind in _NUMERIC or not isinstance(texts, Mapping)):
        return _numbers(feature["name"], numbers, at, notes, whole=kind == "integral")
    if isinstance(texts, Mapping):
        return _texts(feature["name"], texts, at, notes)
    if kind in {"unknown", ""}:
        notes.append(f"{feature['name']} has type {kind or 'none'} and no statistics: left out")
        return None
    raise InvalidInputError(f"feature {feature['name']!r} has neither numerical nor string statistics", where=at)


def _numbers(name: str, statistics: Mapping[str, Any], at: str, notes: list[str], *, whole: bool) -> NumericBaseline:
    present, missing = _common(statistics, at)
    kll = _path(statistics, "distribution", "kll")
    values, weights = _sketch(kll, at)
    if len(values) == 0:
        values, weights = _buckets(kll, at)
        if len(values):
            notes.append(f"{name} has no sketch: rebuilt from ten equal-width buckets, so its tests are coarse")
    if len(values) == 0 and present > 0:
        raise InvalidInputError(f"feature {name!r} has {present} values, but neither a sketch nor buckets", where=at)
    weights = _scaled(weights, present)
    rebuilt = summarise_weighted(values[weights > 0], weights[weights > 0], missing=missing, exact=False)
    low, high = _number(statistics.get("min")), _number(statistics.get("max"))
    mean, std = _number(statistics.get("mean")), _number(statistics.get("std_dev"))
    return NumericBaseline(
        edges=rebuilt.edges,
        at_or_below=rebuilt.at_or_below,
        below=rebuilt.below,
        present=rebuilt.present,
        missing=missing,
        infinite=rebuilt.infinite,
        mean=mean if mean is not None else rebuilt.mean,
        std=std if std is not None and std >= 0 else rebuilt.std,
        low=low if low is not None else rebuilt.low,
        high=high if high is not None else rebuilt.high,
        tail_below=rebuilt.tail_below,
        tail_above=rebuilt.tail_above,
        distinct=rebuilt.distinct,
        integer_like=whole or rebuilt.integer_like,
        exact=False,
    )


def _sketch(kll: Mapping[str, Any], at: str) -> tuple[Floats, Ints]:
    """Values and weights of the sketch's compactor levels, rising."""
    data = _path(kll, "sketch").get("data", [])
    if not isinstance(data, list) or len(data) > _LIMIT:
        raise InvalidInputError("the sketch's data is not a list of levels", where=at)
    values: list[float] = []
    weights: list[int] = []
    for level, items in enumerate(data):
        if not isinstance(items, list):
            raise InvalidInputError(f"level {level} of the sketch is not a list", where=at)
        for item in items:
            number = _number(item)
            if number is None:
                raise InvalidInputError(f"level {level} of the sketch holds something that is no number", where=at)
            values.append(number)
            weights.append(1 << level)
    order = np.argsort(np.array(values, np.float64), kind="stable")
    return np.array(values, np.float64)[order], np.array(weights, np.int64)[order]


def _buckets(kll: Mapping[str, Any], at: str) -> tuple[Floats, Ints]:
    """Points spread evenly over each equal-width bucket."""
    values: list[Floats] = []
    weights: list[Ints] = []
    for bucket in kll.get("buckets", []) or []:
        if not isinstance(bucket, Mapping):
            raise InvalidInputError("a bucket is not an object", where=at)
        low, high, count = (_number(bucket.get(key)) for key in ("lower_bound", "upper_bound", "count"))
        if low is None or high is None or count is None or high < low or count < 0:
            raise InvalidInputError("a bucket lacks lower_bound, upper_bound or count", where=at)
        places = (np.arange(_SPREAD) + 0.5) / _SPREAD
        values.append(low + (high - low) * places)
        weights.append(np.diff((np.arange(_SPREAD + 1) * round(count)) // _SPREAD))
    if not values:
        return np.zeros(0), np.zeros(0, np.int64)
    joined, weight = np.concatenate(values), np.concatenate(weights)
    order = np.argsort(joined, kind="stable")
    return joined[order], weight[order]


def _scaled(weights: Ints, present: int) -> Ints:
    """Weights that add up to the number of present values: compaction keeps it only about."""
    total = int(weights.sum())
    if total in {0, present}:
        return weights
    upto = np.rint(np.cumsum(weights) * (present / total)).astype(np.int64)
    return np.diff(upto, prepend=0)


def _texts(name: str, statistics: Mapping[str, Any], at: str, notes: list[str]) -> CategoricalBaseline:
    present, missing = _common(statistics, at)
    found: dict[str, int] = {}
    for bucket in _path(statistics, "distribution", "categorical").get("buckets", []) or []:
        count = _number(bucket.get("count")) if isinstance(bucket, Mapping) else None
        if count is None or count < 0:
            raise InvalidInputError("a bucket of values lacks its count", where=at)
        level = shorten(str(bucket.get("value", "")))
        found[level] = found.get(level, 0) + round(count)
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:LEVELS]
    counts = np.array([count for _, count in ranked], np.int64)
    distinct = _number(statistics.get("distinct_count"))
    other = max(0, present - int(counts.sum()))
    if other:
        notes.append(f"{name} has values that the file does not list: they are one pool of {other} rows")
    return CategoricalBaseline(
        levels=tuple(level for level, _ in ranked),
        counts=counts,
        other=other,
        distinct=max(len(found), round(distinct or 0.0)),
        missing=missing,
    )


def _common(statistics: Mapping[str, Any], at: str) -> tuple[int, int]:
    common = statistics.get("common")
    source = common if isinstance(common, Mapping) else statistics
    present, missing = _number(source.get("num_present")), _number(source.get("num_missing"))
    if present is None or present < 0:
        raise InvalidInputError("num_present is missing", where=at)
    return round(present), round(max(0.0, missing or 0.0))


def _item_count(document: Mapping[str, Any]) -> int | None:
    count = _number(_path(document, "dataset").get("item_count"))
    return None if count is None or count < 0 else round(count)


def _path(document: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    inner: Any = document
    for name in names:
        inner = inner.get(name) if isinstance(inner, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _number(value: Any) -> float | None:
    """A finite number; Model Monitor writes "NaN" as text below 200 rows."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _constraint_notes(document: Mapping[str, Any], columns: Mapping[str, ColumnBaseline]) -> Iterator[str]:
    features = document.get("features") or []
    named = {feature.get("name") for feature in features if isinstance(feature, Mapping)}
    unknown = sorted(str(name) for name in named - columns.keys() if name is not None)
    if unknown:
        yield f"constraints.json names features without statistics: {', '.join(unknown)}"
    overridden: Sequence[str] = sorted(
        str(feature.get("name"))
        for feature in features
        if isinstance(feature, Mapping)
        and (
            "monitoringConfigOverrides" in feature
            or "monitoring_config_overrides" in feature
            or "monitoring_config_overrides" in (feature.get("string_constraints") or {})
        )
    )
    if overridden:
        yield f"constraints.json has overrides for: {', '.join(overridden)}; set them as rules of the drift policy"
