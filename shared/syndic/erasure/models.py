"""What is known of an erasure: what was asked, what a plan found, what was done. No identifier of a person is in it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from syndic.models import Moment, Noun


class ErasureState(StrEnum):
    """How far an erasure is."""

    PLANNING = "planning"
    PLANNED = "planned"
    APPLYING = "applying"
    APPLIED = "applied"
    STOPPED = "stopped"


class ErasureFound(Noun):
    """What a plan found, or what was done of it, as counts."""

    looked_at: int = Field(default=0, description="objects that were looked at")
    objects: int = Field(default=0, description="objects that are to change or to go")
    removed: int = Field(default=0, description="those of them that go whole")
    rows: int = Field(default=0, description="rows that go; of ground truth, labels")
    bytes_before: int = Field(default=0, description="bytes of these objects as they lie in the store")
    bytes_after: int = Field(default=0, description="bytes of their content that stays")
    unreadable: int = Field(default=0, description="lines that cannot be read, so that nothing is known of them")
    unresolved: int = Field(default=0, description="rows, or whole objects, that would have to go and stay")
    reasons: dict[str, int] = Field(default_factory=dict, description="why they stay: reason -> how many")

    def plus(self, other: ErasureFound) -> ErasureFound:
        """Both together."""
        sums = {
            name: getattr(self, name) + getattr(other, name) for name in ErasureFound.model_fields if name != "reasons"
        }
        names = sorted(self.reasons.keys() | other.reasons.keys())
        return ErasureFound(
            **sums, reasons={one: self.reasons.get(one, 0) + other.reasons.get(one, 0) for one in names}
        )


class PlannedObject(Noun):
    """One object of a plan: what goes of it, as long as it is the object that was read."""

    uri: str
    etag: str = Field(description="of the object that was read: of another one nothing is taken")
    size: int = Field(description="bytes in the store")
    lines: tuple[int, ...] = Field(default=(), description="numbers of lines that go whole, counted from 1")
    cut: dict[int, tuple[int, ...]] = Field(
        default_factory=dict, description="line -> places, counted from 0, of the rows that go of a call of several"
    )
    rows: int = Field(description="rows that go")
    whole: bool = Field(default=False, description="nothing stays: the object goes")
    after_sha256: str | None = Field(default=None, description="of the content that stays, inflated; null: it goes")
    after_size: int = 0


class ErasureSheet(Noun):
    """Some objects of a plan, kept together in the archive."""

    name: str
    sha256: str
    objects: int


class ErasureDone(Noun):
    """What came of the objects of a plan so far."""

    objects: int = Field(default=0, description="objects done")
    rows: int = Field(default=0, description="rows that are gone of them")
    gone: int = Field(default=0, description="objects that had gone by themselves meanwhile")
    changed: int = Field(default=0, description="objects that are others than those planned; left as they are")


class Erasure(Noun):
    """An erasure of captured rows of a model: of some persons, or of what is older than a period."""

    id: str
    model_id: str
    kind: Literal["persons", "age"]
    column: str | None = Field(default=None, description="column that names persons; null: the id of the call")
    older_than: Moment | None = Field(default=None, description="folders that end before go, of kind age")
    persons: int = Field(default=0, description="how many identifiers were given; the identifiers are not kept")
    reference: str = Field(default="", description="of the request of a person, or another record")
    reason: str
    notices: tuple[str, ...] = Field(default=(), description="what to think of before this is applied")
    state: ErasureState = ErasureState.PLANNING
    asked_by: str
    asked_at: Moment
    planned_at: Moment | None = None
    found: ErasureFound = ErasureFound()
    sheets: tuple[ErasureSheet, ...] = ()
    plan_sha256: str | None = Field(default=None, description="hash of the whole plan: what is applied is named by it")
    versions: str = Field(default="", description="what becomes of earlier versions in the store")
    applied_by: str | None = None
    apply_asked_at: Moment | None = None
    applied_at: Moment | None = None
    done: ErasureDone = ErasureDone()
    stopped: str | None = Field(default=None, description="why it was stopped: a legal hold")
    trouble: str | None = Field(default=None, description="what the store last answered, where it refused")


class Progress(Noun):
    """An erasure as it is stored: with how far the work is, and, only while it is planned, hashes of identifiers."""

    erasure: Erasure
    wanted: tuple[str, ...] = Field(default=(), description="salted hashes; taken away with the plan's last step")
    calls: tuple[str, ...] = Field(default=(), description="salted hashes of ids of calls whose labels go; likewise")
    phase: Literal["captures", "labels"] = "captures"
    after: str | None = Field(default=None, description="the listing's own mark: from where on the part is listed")
    last: str | None = Field(default=None, description="address of the last object that was looked at")
    sheet: int = Field(default=0, description="number of the sheet that is applied")
    item: int = Field(default=0, description="number of the object on it that comes next")
