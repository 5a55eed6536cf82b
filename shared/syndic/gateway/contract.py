"""What a version takes: exact features and types, from its signature; ranges and categories, from the model's settings.

Nothing that breaks the contract reaches a model. What a rule flags is answered, and the flag is said and logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import JsonValue

from syndic.errors import InvalidInputError, TooLargeError, UnavailableError
from syndic.gateway.models import FeatureRule, OnViolation
from syndic.gateway.rows import Rows, Value
from syndic.gateway.values import (
    Feature,
    FeatureType,
    along_problem,
    id_problem,
    logged_size,
    of_text,
    rule_problem,
    type_problem,
    typed,
)
from syndic.models import CaptureSchema, ColumnKind, ColumnRole

MOST_SAID: Final = 20

MOST_FLAGS: Final = 20_000
"""Of one request: each is in the answer, and a function's answer has at most 6 MB."""

MOST_LOGGED: Final = 180_000
"""Bytes of one row in the log: what no message takes could not be logged, so it is not asked for."""

_TYPES: Final = {ColumnKind.NUMERIC: FeatureType.DOUBLE, ColumnKind.CATEGORICAL: FeatureType.STRING}


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
    if len({one.name for one in named}) < len(named):
        raise UnknownColumnsError("two inputs of the signature have the same name")
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
        ContractBrokenError: Features are missing or extra, a value has another type, breaks a rule that rejects, or
            could not be logged.
        TooLargeError: More values are flagged than an answer holds.
    """
    named = _by_name(rows, contract)
    inputs = [feature.name for feature in contract.features]
    _same_names(named, contract)
    categories = {name: frozenset(rule.categories) for name, rule in contract.rules.items()}
    wrong: list[Violation] = []
    flags: list[Violation] = []
    checked: list[dict[str, Value]] = []
    along: list[dict[str, Value]] = []
    for place, row in enumerate(named):
        values: dict[str, Value] = {}
        for feature in contract.features:
            value = row.get(feature.name)
            problem = type_problem(value, feature)
            if problem is not None:
                wrong.append(Violation(place, feature.name, problem))
                continue
            values[feature.name] = typed(value, feature)
            rule = contract.rules.get(feature.name)
            if rule is None or value is None:
                continue
            broken = rule_problem(values[feature.name], rule, categories[feature.name])
            if broken is not None:
                kept = wrong if rule.on_violation is OnViolation.REJECT else flags
                kept.append(Violation(place, feature.name, broken))
        checked.append(values)
        along.append({name: row[name] for name in contract.along if name in row})
        wrong.extend(_beside(place, values, along[-1]))
    if wrong:
        raise _refused(wrong)
    if len(flags) > MOST_FLAGS:
        raise TooLargeError(f"{len(flags)} values are flagged, at most {MOST_FLAGS} in one answer: ask for fewer rows")
    ids = rows.ids or _own_ids(named, contract.row_id if contract.row_id not in inputs else None)
    return Checked(checked, along, ids, tuple(flags))


def _beside(place: int, values: Mapping[str, Value], along: Mapping[str, Value]) -> Iterator[Violation]:
    """What keeps a row from being logged as it is."""
    for name, value in along.items():
        problem = along_problem(value)
        if problem is not None:
            yield Violation(place, name, problem)
    size = logged_size({**along, **values})
    if size > MOST_LOGGED:
        yield Violation(place, "*", f"the row takes {size} bytes in the log, at most {MOST_LOGGED}")


def _refused(wrong: Sequence[Violation]) -> ContractBrokenError:
    first = "; ".join(f"row {one.row}, {one.feature}: {one.problem}" for one in wrong[:3])
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return ContractBrokenError(f"values that the model does not take: {first}{more}", wrong=wrong[:MOST_SAID])


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
        {one.name: of_text(value, one) for one, value in zip(contract.features, row, strict=True)} for row in placed
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


def _own_ids(named: Sequence[Mapping[str, Value]], row_id: str | None) -> tuple[str, ...] | None:
    if row_id is None or not any(row_id in row for row in named):
        return None
    if not all(row_id in row for row in named):
        raise ContractBrokenError(f"each row has a {row_id}, or none has", missing=[row_id])
    problems = [Violation(place, row_id, it) for place, row in enumerate(named) if (it := id_problem(row[row_id]))]
    if problems:
        raise _refused(problems)
    texts = tuple(str(row[row_id]) for row in named)
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
