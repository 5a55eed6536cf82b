"""What every noun is made of: frozen models, moments in UTC, finite numbers, and the shared enumerations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo

_Time = TypeVar("_Time", bound=date)  # a moment is a date too


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first and the last hours of the calendar in other zones
        raise ValueError("is out of the calendar") from None


def _of_our_time(at: _Time) -> _Time:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"is a time from {FIRST_YEAR} to {LAST_YEAR}")
    return at


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Of what people give as a day or a time: months can be added to it and taken off without leaving the calendar."""

Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An aware point in time, kept in UTC."""

Instant = Annotated[Moment, AfterValidator(_of_our_time)]
"""A point in time that people give, from 1900 to 2199."""

Day = Annotated[date, AfterValidator(_of_our_time)]
"""A day that people give, from 1900 to 2199."""


Finite = Annotated[float, Field(allow_inf_nan=False)]
"""A number that is a number: NaN and the infinities are refused, so they can reach no JSON."""


def text_of(value: object) -> object:
    """A number or a truth as the text that a person would write: true is ``True``, 1 is ``1``. Others stay."""
    return str(value) if isinstance(value, bool | int | float) else value


Written = Annotated[str, BeforeValidator(text_of)]
"""A value that a person writes and that is matched with cells, by the rules of `syndic.windows.cells.vocabulary`."""


class Noun(BaseModel):
    """Frozen, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="iso8601", defer_build=True)


class Rules(Noun):
    """What a person decides, in a file or a request: a truth is no number, though Python has it equal to 1."""

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: object, info: ValidationInfo) -> object:
        if _is_a_number(cls, str(info.field_name)):
            inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
            if any(isinstance(one, bool) for one in (value, *inner)):
                msg = "a number is expected, not true or false (which YAML makes of yes, no, on and off)"
                raise ValueError(msg)
        return value


@cache
def _is_a_number(model: type[BaseModel], field: str) -> bool:
    """Whether a field takes numbers, and neither truths nor texts."""
    types = _leaves(model.model_fields[field].annotation)
    return bool(types & {int, float}) and not types & {bool, str}


def _leaves(annotation: Any) -> set[Any]:
    inner = [one for one in get_args(annotation) if not isinstance(one, FieldInfo)]
    return {annotation}.union(*map(_leaves, inner)) if inner else {annotation}


class Cloud(StrEnum):
    """Where a model runs."""

    AWS = "aws"
    AZURE = "azure"
    MLFLOW = "mlflow"
    OTHER = "other"


class Severity(StrEnum):
    """How bad a finding is, least first. `NONE` is not a finding."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for none to 4 for critical."""
        return list(Severity).index(self)


class Concern(StrEnum):
    """The concerns, by the one word each has everywhere."""

    DISCOVERY = "discovery"
    REGISTRY = "registry"
    DRIFT = "drift"
    QUALITY = "quality"
    BIAS = "bias"
    COMPLIANCE = "compliance"
    ALERTING = "alerting"
    AUDIT = "audit"
    REPORTS = "reports"


def to_json(noun: BaseModel) -> dict[str, Any]:
    """A noun as plain JSON values, ready to be stored."""
    return noun.model_dump(mode="json")
