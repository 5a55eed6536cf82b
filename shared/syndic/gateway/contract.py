"""What a version takes: exact features and types, from its signature; ranges and categories, from the model's settings.

Nothing that breaks the contract reaches a model. What a rule flags is answered, and the flag is said and logged.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from pydantic import JsonValue

from syndic.errors import InvalidInputError, UnavailableError
from syndic.gateway.models import FeatureRule, OnViolation
from syndic.gateway.rows import Rows, Value
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, Noun

MOST_SAID: Final = 20
LONGEST_TEXT: Final = 10_000
"""Characters of one value."""


class FeatureType(StrEnum):
    """Types of MLflow's signatures, as far as JSON can carry them."""

    DOUBLE = "double"
    FLOAT = "float"
    LONG = "long"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    STRING = "string"
    DATETIME = "datetime"


NUMBERS: Final = frozenset({FeatureType.DOUBLE, FeatureType.FLOAT, FeatureType.LONG, FeatureType.INTEGER})
WIDTH: Final = {FeatureType.LONG: 63, FeatureType.INTEGER: 31}
"""Bits of whole numbers beside the sign."""

_TYPES: Final = {ColumnKind.NUMERIC: FeatureType.DOUBLE, ColumnKind.CATEGORICAL: FeatureType.STRING}


class Feature(Noun):
    """One input of a version."""

    name: str
    type: FeatureType
    required: bool = True


@dataclass(frozen=True, slots=True)
class Contract:
    """The inputs of a version in their order, the rules over them, and what may come along that is no input."""

    features: tuple[Feature, ...]
    rules: Mapping[str, FeatureRule] = field(default_factory=dict)
    along: tuple[str, ...] = ()
    row_id: str | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with one value."""

    row: int
    feature: str
    problem: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows that keep the contract.

    Args:
        rows: The inputs of each row, by name, in the order of the contract.
        along: What came along, by name, for each row.
        ids: The rows' own ids; None where they have none.
        flags: What a rule only flags.
    """

    rows: Sequence[Mapping[str, Value]]
    along: Sequence[Mapping[str, Value]]
    ids: tuple[str, ...] | None
    flags: tuple[Violation, ...] = ()


class ContractBrokenError(InvalidInputError):
    """A request does not keep the contract: which features are missing, extra, or wrong."""

    code = "contract_broken"

    def __init__(
        self, message: str, *, missing: Sequence[str] = (), extra: Sequence[str] = (), wrong: Sequence[Violation] = ()
    ) -> None:
        self.missing, self.extra, self.wrong = tuple(missing), tuple(extra), tuple(wrong)
        super().__init__(message, where="body")

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """Each wrong value."""
        return tuple((f"body[{one.row}].{one.feature}", one.problem) for one in self.wrong)

    @property
    def features(self) -> Mapping[str, tuple[str, ...]]:
        """The features that are missing, and those that are too many."""
        return {"missing": self.missing, "extra": self.extra}


class UnknownColumnsError(UnavailableError):
    """Nothing says what a version takes."""


def features_of(signature: Mapping[str, JsonValue] | None, schema: CaptureSchema | None) -> tuple[Feature, ...]:
    """The inputs of a version: its signature's; of one that names none, the feature columns of its model's traffic.

    Raises `UnknownColumnsError` where neither says what the version takes: it cannot be served.
    """
    inputs = (signature or {}).get("inputs")
    named = list(_named(inputs)) if isinstance(inputs, list) else []
    if named:
        return tuple(named)
    columns = schema.inputs if schema else ()
    found = tuple(Feature(name=one.name, type=_TYPES[one.kind]) for one in columns if one.role is ColumnRole.FEATURE)
    width = _width(inputs)
    if not found or (width is not None and width != len(found)):
        said = "has no signature that names its inputs" if width is None else f"takes {width} values without names"
        raise UnknownColumnsError(
            f"the version {said}, and the columns of the model's traffic do not say them: give one of them"
        )
    return found


def check(rows: Rows, contract: Contract) -> Checked:
    """Hold rows to a contract.

    Raises:
        ContractBrokenError: Features are missing or extra, a value has another type, or breaks a rule that rejects.
    """
    named = _by_name(rows, contract)
    inputs = [feature.name for feature in contract.features]
    _same_names(named, contract)
    wrong: list[Violation] = []
    flags: list[Violation] = []
    checked: list[dict[str, Value]] = []
    for place, row in enumerate(named):
        values: dict[str, Value] = {}
        for feature in contract.features:
            value = row.get(feature.name)
            problem = _type_problem(value, feature)
            if problem is not None:
                wrong.append(Violation(place, feature.name, problem))
                continue
            values[feature.name] = _typed(value, feature)
            rule = contract.rules.get(feature.name)
            broken = None if rule is None or value is None else _rule_problem(values[feature.name], rule)
            if rule is not None and broken is not None:
                kept = wrong if rule.on_violation is OnViolation.REJECT else flags
                kept.append(Violation(place, feature.name, broken))
        checked.append(values)
    if wrong:
        first = "; ".join(f"row {one.row}, {one.feature}: {one.problem}" for one in wrong[:3])
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise ContractBrokenError(f"values that the model does not take: {first}{more}", wrong=wrong[:MOST_SAID])
    along = [{name: row[name] for name in contract.along if name in row} for row in named]
    ids = rows.ids or _own_ids(named, contract.row_id if contract.row_id not in inputs else None)
    return Checked(checked, along, ids, tuple(flags))


def _by_name(rows: Rows, contract: Contract) -> Sequence[Mapping[str, Value]]:
    if rows.named is not None:
        return rows.named
    inputs = [feature.name for feature in contract.features]
    placed = rows.placed or ()
    for row in placed:
        if len(row) != len(inputs):
            missing, extra = inputs[len(row) :], [f"value {n + 1}" for n in range(len(inputs), len(row))]
            message = f"{len(row)} values in a row; the model takes {len(inputs)}"
            raise ContractBrokenError(message, missing=missing[:MOST_SAID], extra=extra[:MOST_SAID])
    if rows.shape != "csv":
        return [dict(zip(inputs, row, strict=True)) for row in placed]
    return [
        {one.name: _of_text(value, one) for one, value in zip(contract.features, row, strict=True)} for row in placed
    ]


def _same_names(named: Sequence[Mapping[str, Value]], contract: Contract) -> None:
    inputs = {feature.name for feature in contract.features}
    needed = {feature.name for feature in contract.features if feature.required}
    allowed = inputs | set(contract.along) | ({contract.row_id} if contract.row_id else set())
    missing: dict[str, None] = {}
    extra: dict[str, None] = {}
    for row in named:
        missing.update(dict.fromkeys(needed - row.keys()))
        extra.update(dict.fromkeys(row.keys() - allowed))
    if missing or extra:
        said = [f"{len(found)} {word}" for found, word in ((missing, "missing"), (extra, "extra")) if found]
        raise ContractBrokenError(
            f"the features are not those that the model takes: {' and '.join(said)}",
            missing=sorted(missing),
            extra=sorted(extra)[:100],
        )


def _type_problem(value: Value, feature: Feature) -> str | None:  # noqa: PLR0911 - one return for each kind of problem
    if value is None:
        return "is missing" if feature.required else None
    if feature.type is FeatureType.BOOLEAN:
        return None if isinstance(value, bool) else f"true or false is expected, not {_kind(value)}"
    if feature.type in NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"a number is expected, not {_kind(value)}"
        if not _is_finite(value):
            return "the number is too large"
        bits = WIDTH.get(feature.type)
        if bits is not None and (int(value) != value or not -(2**bits) <= value < 2**bits):
            return f"a whole number of {bits + 1} bits is expected"
        return None
    if not isinstance(value, str):
        return f"a text is expected, not {_kind(value)}"
    return f"the text is longer than {LONGEST_TEXT} characters" if len(value) > LONGEST_TEXT else None


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _typed(value: Value, feature: Feature) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return int(value) if feature.type in WIDTH else float(value)


def _rule_problem(value: Value, rule: FeatureRule) -> str | None:
    if rule.categories and str(value) not in rule.categories:
        return "is none of the categories that the model was trained on"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if rule.minimum is not None and value < rule.minimum:
            return f"is under {rule.minimum:g}"
        if rule.maximum is not None and value > rule.maximum:
            return f"is over {rule.maximum:g}"
    return None


def _of_text(value: Value, feature: Feature) -> Value:
    """A cell of CSV as its feature's type; left as it is where it is none, so that the type is refused."""
    if not isinstance(value, str):
        return value
    if feature.type is FeatureType.BOOLEAN:
        return {"true": True, "false": False}.get(value.lower(), value)
    if feature.type not in NUMBERS:
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return value if math.isnan(number) or "_" in value else number


def _own_ids(named: Sequence[Mapping[str, Value]], row_id: str | None) -> tuple[str, ...] | None:
    if row_id is None or not any(row_id in row for row in named):
        return None
    ids = [row.get(row_id) for row in named]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) and str(one) for one in ids):
        raise ContractBrokenError(f"each row has a {row_id}, a text or a whole number, or none has", missing=[row_id])
    texts = tuple(str(one) for one in ids)
    if len(set(texts)) < len(texts):
        raise ContractBrokenError(f"two rows have the same {row_id}")
    return texts


def _named(inputs: Sequence[Any]) -> Iterator[Feature]:
    for one in inputs:
        if not isinstance(one, Mapping) or not isinstance(one.get("name"), str) or one.get("type") == "tensor":
            return
        try:
            kind = FeatureType(str(one.get("type")))
        except ValueError:
            name = one["name"]
            raise UnknownColumnsError(
                f"the signature's input {name} is of type {one.get('type')}, not served"
            ) from None
        yield Feature(name=str(one["name"]), type=kind, required=one.get("required") is not False)


def _width(inputs: Any) -> int | None:
    """The number of values of a signature of one tensor without names."""
    match inputs:
        case [{"type": "tensor", "tensor-spec": {"shape": [_, int(width)]}}]:
            return width
    return None


def _kind(value: Value) -> str:
    return "true or false" if isinstance(value, bool) else "a text" if isinstance(value, str) else "a number"
