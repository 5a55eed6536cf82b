"""What a configuration holds, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from syndic.models import Noun
from syndic.ports import Key


class ConfigurationFile(Noun):
    """A file: drift_detection, bias_monitoring, compliance_frameworks, governance, alerting, or a framework."""

    name: str = Field(min_length=1, max_length=200, description="for messages")
    text: str = Field(min_length=1, max_length=200_000, description="YAML")


class FieldMeaning(Noun):
    """What a field of a file means here."""

    file: str
    field: str
    meaning: str


class AppliedSetting(Noun):
    """One thing that a file sets."""

    file: str
    target: str = Field(description="such as model/<id>/drift, policy/<name>, framework/<id>/<version>")
    changed: bool = Field(description="false: it is so already")
    diff: tuple[str, ...] = Field(default=(), description="lines that go (-) and come (+)")


class ConfigurationReport(Noun):
    """What a configuration changed, or would change, and what in it has another meaning here or none."""

    dry_run: bool
    settings: tuple[AppliedSetting, ...]
    meanings: tuple[FieldMeaning, ...] = Field(
        default=(),
        description="fields that became something else, or that decide nothing here: none is ignored in silence",
    )


@dataclass(frozen=True, slots=True)
class PlannedSetting:
    """A setting that was read and checked, and not applied yet. `model_id` None: it is the whole organisation's.

    `about` is the key of the record that it sets.
    """

    file: str
    target: str
    model_id: str | None
    about: Key
    present: Mapping[str, Any]
    wanted: Mapping[str, Any]
    apply: Callable[..., Any]


@dataclass(slots=True)
class Reading:
    """One section of a file on its way to settings."""

    file: str
    section: str
    models: tuple[str, ...]
    store: Any
    settings: list[PlannedSetting] = field(default_factory=list)
    meanings: list[FieldMeaning] = field(default_factory=list)

    @property
    def where(self) -> str:
        """The place, for messages."""
        return self.file

    def says(self, name: str, meaning: str) -> None:
        """Note what a field means here."""
        self.meanings.append(FieldMeaning(file=self.file, field=f"{self.section}.{name}", meaning=meaning))
