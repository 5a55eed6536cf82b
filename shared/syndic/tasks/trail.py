"""The sequencer of the audit trail: gives what waits its place, and publishes checkpoints."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.audit.inbox import waiting_in
from syndic.audit.publish import Published, checkpoint_path, publish
from syndic.audit.sequencer import Sequenced, sequence
from syndic.audit.turns import Turn, end_turn, keep_turn, take_turn
from syndic.errors import SyndicError
from syndic.ports import Notification
from syndic.tasks.clouds import SequencerClouds

log = logging.getLogger(__name__)

LONGEST: Final = timedelta(seconds=40)
"""A run begins no further batch after this time: the function ends before its own limit."""

AT_ONCE: Final = 8
"""Calls to the tables at once: contents of one batch do not wait for each other."""

HOURLY: Final = timedelta(minutes=59)
RUNS: Final = timedelta(minutes=10)
"""Runs that end within this time share a checkpoint."""

ENDS_OF_RUNS: Final = frozenset(
    {"drift.checked", "quality.checked", "bias.checked", "report.built", "compliance.changed", "checks.requested"}
)


def run(clouds: SequencerClouds) -> dict[str, Any]:
    """Sequence until nothing waits, and publish what is due. Whoever finds it somebody else's turn leaves it to him."""
    begin, taken, again = clouds.now(), 0, 0
    published: Published | None = None
    while clouds.now() - begin < LONGEST:
        turn = take_turn(clouds.store, clouds.now())
        if turn is None:
            break
        done = _sequence(clouds)
        taken, again = taken + done.entries, again + done.again
        turn = turn.model_copy(update={"run_ended": turn.run_ended or bool(ENDS_OF_RUNS & set(done.actions))})
        found = _publish(clouds, turn)
        published = found or published
        if found is not None:
            known = {"published_size": found.checkpoint.size, "published_at": clouds.now(), "run_ended": False}
            turn = turn.model_copy(update=known)
        end_turn(clouds.store, _mail(clouds, turn))
        if not waiting_in(clouds.store, most=1).keys:  # what came while it was this one's turn was left to it
            break
    clouds.count("AuditEntries", taken)
    size = None if published is None else published.checkpoint.size
    return {"entries": taken, "again": again, "checkpoint": size}


def _sequence(clouds: SequencerClouds) -> Sequenced:
    end = clouds.now() + LONGEST
    with ThreadPoolExecutor(AT_ONCE) as pool:

        def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
            return [one.result() for one in [pool.submit(call) for call in calls]]

        return sequence(clouds.store, chain=clouds.chain, go_on=lambda: clouds.now() < end, each=at_once)


def _publish(clouds: SequencerClouds, turn: Turn) -> Published | None:
    archive, key = clouds.log_archive, clouds.signing_key
    if archive is None or key is None:
        return None
    since = None if turn.published_at is None else clouds.now() - turn.published_at
    if since is not None and since < (RUNS if turn.run_ended else HOURLY):
        return None
    return publish(clouds.store, archive, key, after=turn.published_size)


def _mail(clouds: SequencerClouds, turn: Turn) -> Turn:
    """Send the newest checkpoint to the auditors, who had none within the hour.

    It is tried again an hour later unless it is known to be sent: one that comes twice says the same.
    """
    now, to, notifier, archive = clouds.now(), clouds.settings.audit_mail, clouds.notifier, clouds.log_archive
    tried = turn.mail_tried_at is not None and now - turn.mail_tried_at < HOURLY
    if tried or turn.mailed_size >= turn.published_size or not to or notifier is None or archive is None:
        return turn
    turn = turn.model_copy(update={"mail_tried_at": now})
    if not keep_turn(clouds.store, turn):
        return turn
    note = archive.get(checkpoint_path(turn.published_size)).decode()
    try:
        notifier.send(checkpoint_message(turn.published_size, note, to, at=now))
    except SyndicError as error:
        log.warning("checkpoint was not sent", extra={"size": turn.published_size, "reason": str(error)})
        return turn
    return turn.model_copy(update={"mailed_size": turn.published_size})


def checkpoint_message(size: int, note: str, to: str, *, at: datetime) -> Notification:
    """The message that brings a checkpoint to the auditors."""
    origin = note.partition("\n")[0]
    return Notification(
        to=to,
        subject=f"Audit checkpoint: {size} entries",
        lead=(
            f"The audit trail {origin} had {size} entries. Keep this message where nobody who runs the platform can "
            "change it. Whoever verifies the trail later gives the lines below, as a file, to: "
            "syndic audit verify EXPORT --checkpoint FILE"
        ),
        matters=(),
        overview=None,
        closing=note,
        dedupe_id=f"checkpoint.{size}",
        at=at,
    )
