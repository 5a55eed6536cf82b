"""What was seen of one subject, whatever the order of arrival. Pure."""

from __future__ import annotations

from typing import Final

from syndic.alerting.models import Sighting, SubjectRecord
from syndic.alerting.troubles.runs import runs_of
from syndic.models import Finding

MOST_SIGHTINGS: Final = 200


def take(record: SubjectRecord | None, finding: Finding) -> SubjectRecord:
    """The record with one more finding.

    Of each window the newest finding counts (then the greater id), so the same set of findings gives the same record
    in any order and however often each arrives.
    """
    sighting = Sighting(
        finding_id=finding.id,
        window=finding.window,
        found_at=finding.found_at,
        severity=finding.severity,
        value=finding.value,
    )
    if record is None:
        return SubjectRecord(latest=finding, sightings=(sighting,), first_seen=sighting.start)
    by_slot = {one.slot: one for one in record.sightings}
    present = by_slot.get(sighting.slot)
    if present is not None and present.place >= sighting.place:
        return record
    by_slot[sighting.slot] = sighting
    sightings = tuple(sorted(by_slot.values(), key=lambda one: one.place)[-MOST_SIGHTINGS:])
    found = runs_of(sightings)
    first_seen = found[-1].start if found else sightings[0].start
    if len(found) == 1 and len(found[0].sightings) == len(sightings) == MOST_SIGHTINGS:
        first_seen = min(first_seen, record.first_seen)  # the run began before the sightings that are kept
    return record.model_copy(
        update={
            "latest": finding if sightings[-1] == sighting else record.latest,
            "sightings": sightings,
            "first_seen": first_seen,
        }
    )
