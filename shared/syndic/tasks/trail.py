"""The sequencer of the audit trail: gives what waits its place, and publishes checkpoints."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.audit.appending.inbox import waiting_in
from syndic.audit.appending.sequencer import Sequenced, sequence
from syndic.audit.appending.turns import Turn, end_turn, keep_turn, take_turn
from syndic.audit.erasure.erased import ERASED
from syndic.audit.public.publish import Published, checkpoint_path, cosigned, publish
from syndic.audit.public.witnesses import Answered, collect_cosignatures
from syndic.audit.signed.checkpoints import read_checkpoint
from syndic.audit.signed.notes import read_note
from syndic.audit.signed.policy import Witness, read_witnesses
from syndic.errors import SyndicError
from syndic.models import AuditEntry
from syndic.ports import Archive, Notification
from syndic.tasks.clouds import SequencerClouds

log = logging.getLogger(__name__)

LONGEST: Final = timedelta(seconds=40)
"""A run begins no further batch after this time: the function ends before its own limit."""

LATEST_ASKED: Final = timedelta(seconds=25)
"""A run asks no witness after this time: two silent ones at once take 18 seconds."""

AT_ONCE: Final = 8
"""Calls to the tables at once: contents of one batch do not wait for each other."""

HOURLY: Final = timedelta(minutes=59)
RUNS: Final = timedelta(minutes=10)
"""Runs that end within this time share a checkpoint."""

ENDS_OF_RUNS: Final = frozenset(
    {
        "drift.checked",
        "quality.checked",
        "bias.checked",
        "report.built",
        "compliance.changed",
        "checks.requested",
        ERASED,
    }
)
"""What is soon under a checkpoint. Until an erasure is, no whole export can show that what is missing was erased."""


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
        if clouds.now() - begin < LATEST_ASKED:
            turn = _cosign(clouds, turn)
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


def _cosign(clouds: SequencerClouds, turn: Turn) -> Turn:
    """Ask the witnesses that have not signed the newest checkpoint; the silent ones again ten minutes later."""
    now, archive, text = clouds.now(), clouds.log_archive, clouds.settings.audit_witnesses
    asked = turn.witnesses_asked_at is not None and turn.witnesses_asked_size == turn.published_size
    if archive is None or not text or (asked and now - (turn.witnesses_asked_at or now) < RUNS):
        return turn
    try:
        witnesses = read_witnesses(text, where="SYNDIC_AUDIT_WITNESSES")
        missing = [one for one in witnesses if turn.witnessed.get(one.key.id.hex(), 0) < turn.published_size]
        turn = turn.model_copy(update={"witnesses_asked_size": turn.published_size, "witnesses_asked_at": now})
        if not missing or not keep_turn(clouds.store, turn):
            return turn
        answers = _ask_at_once(clouds, archive, turn, missing)
    except SyndicError as error:
        log.error("witnesses were not asked", extra={"reason": str(error)})  # noqa: TRY400
        return turn
    clouds.count("CosignaturesMissing", sum(one.signature is None for one in answers))
    for one in answers:
        if one.signature is None:
            log.warning("witness did not sign", extra={"witness": one.witness.name, "reason": one.reason})
    refused = [one for one in answers if one.refused]
    clouds.audit.take({f"witness.{one.witness.key.id.hex()}.{now:%Y%m%d}": _refusal(one, turn, now) for one in refused})
    signed = {one.witness.key.id.hex(): turn.published_size for one in answers if one.signature is not None}
    return turn.model_copy(update={"witnessed": {**turn.witnessed, **signed}})


def _ask_at_once(clouds: SequencerClouds, archive: Archive, turn: Turn, witnesses: Sequence[Witness]) -> list[Answered]:
    with ThreadPoolExecutor(AT_ONCE) as pool:

        def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
            return [one.result() for one in [pool.submit(call) for call in calls]]

        return collect_cosignatures(
            archive, turn.published_size, witnesses,
            requests=clouds.witness_requests, known=turn.witnessed, each=at_once,
        )  # fmt: skip


def _refusal(answered: Answered, turn: Turn, now: datetime) -> AuditEntry:
    """What a witness does not sign is worth an entry, one a day: it may have seen another trail."""
    return AuditEntry(
        action="audit.checkpoint_refused", actor="syndic/sequencer", at=now,
        subject=f"witness/{answered.witness.key.name}",
        details={"size": turn.published_size, "witness": answered.witness.name, "reason": answered.reason},
    )  # fmt: skip


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
    note = _note(archive, turn.published_size)
    try:
        notifier.send(checkpoint_message(turn.published_size, note, to, at=now))
    except SyndicError as error:
        log.warning("checkpoint was not sent", extra={"size": turn.published_size, "reason": str(error)})
        return turn
    return turn.model_copy(update={"mailed_size": turn.published_size})


def _note(archive: Archive, size: int) -> str:
    name = checkpoint_path(size)
    note = read_note(archive.get(name), where=name)
    return str(cosigned(archive, Published(read_checkpoint(note, where=name), note)))


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
