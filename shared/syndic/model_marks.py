"""Marks of models that changed, so that what is counted or looked up over all of them reads those alone.

A mark is a record of its own beside what was written, in the same transaction: it cannot be missing, and nobody has to
read first. Whoever keeps something over all models (`syndic.projections`) reads the marked ones and takes marks away.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import Final

from syndic.ports import ABSENT, Key, Listing, Record, Store, Write

COUNTS: Final = "counts"
"""Marks of what `syndic.registry.overview` counts."""

NAMES: Final = "names"
"""Marks of what may name a person (`syndic.compliance.person_index`)."""

MARKED: Final = "~~marked"
"""What the sort key of a mark begins with: after all that a concern looks through."""

MODELS: Final = "models"
_OF_A_MODEL: Final[dict[str, tuple[str, ...]]] = {
    MODELS: (COUNTS, NAMES),
    "model": (COUNTS, NAMES),
    **dict.fromkeys(("attestations", "documents", "remediation", "classification"), (NAMES,)),
    "evidence": (COUNTS, NAMES),
}
_COUNTED: Final = ("version.", "stages", "approval.")
"""What is counted of the registry's own records of a model."""

CHECKED: Final = frozenset({"drift.run", "quality.run", "bias.run", "capture.config"})
"""Evidence that comes with every window and names nobody: of it only another status counts."""


def partitions_marked(kind: str) -> tuple[str, ...]:
    """First words of a model's own partitions in which a change is marked: what is read of them is what is marked."""
    return tuple(word for word, kinds in _OF_A_MODEL.items() if kind in kinds and word != MODELS)


def marks_for(writes: Sequence[Write]) -> list[Write]:
    """The marks that are to be written together with some records of one partition."""
    wanted = {(model, kind) for write in writes for model, kind in _marked_by(write.record.key)}
    return [_mark(writes[0].record.key.partition, model, kind) for model, kind in sorted(wanted)]


def evidence_marks(record: Record, present: Record | None) -> list[Write]:
    """The marks of evidence, by what it replaces: a check that ends as the one before changes nothing here."""
    before = {} if present is None else present.body
    changed = ["status"] if record.key.sort in CHECKED else ["status", "sha256"]
    return [] if all(before.get(name) == record.body[name] for name in changed) else marks_for([Write(record)])


def marks_of(store: Store, kind: str) -> Iterator[tuple[str, Key]]:
    """Every mark of a kind: the model, and the mark's key."""
    for place in store.list_places(_partition(kind)):
        yield place.sort.partition(".")[2], place.key


def _marked_by(key: Key) -> Iterator[tuple[str, str]]:
    if key.sort.startswith("~~"):
        return
    word, _, model = key.partition.partition(".")
    if key.partition == MODELS:
        model = key.sort
    for kind in _OF_A_MODEL.get(word, ()) if model else ():
        if kind == COUNTS and word == "model" and not key.sort.startswith(_COUNTED):
            continue
        yield model, kind


def _mark(partition: str, model: str, kind: str) -> Write:
    own = secrets.token_hex(8)
    listing = Listing(_partition(kind), f"{own}.{model}")
    return Write(Record(Key(partition, f"{MARKED}.{kind}.{own}"), {}, listings=(listing,)), ABSENT)


def _partition(kind: str) -> str:
    return f"{MODELS}.changed.{kind}"
