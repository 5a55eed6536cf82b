"""What is proposed for one model."""

from __future__ import annotations

from pydantic import Field

from syndic.models import CaptureSchema, Moment, Noun, TimeWindow, WindowLength


class Seen(Noun):
    """The traffic that a proposal rests on."""

    files: int = Field(description="captured files that were looked into, each at its beginning")
    records: int = 0
    rejected: int = Field(default=0, description="records among them that could not be read")
    rows: int = 0
    rows_a_day: int | None = Field(default=None, description="estimated from the size of a day's files")
    oldest_hour: Moment | None = None
    newest_hour: Moment | None = None


class Attribute(Noun):
    """A column that may say something of people which law protects."""

    column: str
    ground: str = Field(description="by the words of the column's name, such as `sex`; values are not looked at")


class Proposal(Noun):
    """Settings for a model. What is set already is not proposed; what could not be found out is asked."""

    model_id: str
    name: str
    seen: Seen | None = Field(default=None, description="null: no captured traffic could be looked at")
    window: WindowLength | None = Field(default=None, description="the shortest with a thousand rows on most days")
    capture_schema: CaptureSchema | None = None
    baseline: TimeWindow | None = Field(default=None, description="the first complete days, or the first batch job")
    protected_attributes: tuple[Attribute, ...] = ()
    kept: tuple[str, ...] = Field(default=(), description="settings that stand already")
    proposed_at: Moment | None = Field(default=None, description="when the model's own cloud made it; null: just now")
    awaited_since: Moment | None = Field(
        default=None, description="since when its own cloud is asked for it, or for one in place of it; null: it is not"
    )
    settings_changed: bool = Field(default=False, description="what is set is not what was set when it was made")
    questions: tuple[str, ...] = Field(default=(), description="what a person has to look at or to answer")
