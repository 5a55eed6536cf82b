"""What the platform has to tell of itself, as alerts like any other.

Findings are about ``syndic`` in place of a model, so that they are listed, routed, snoozed and resolved as those of
models are. Their owner is the fallback address. What the clouds' own alarms tell (dead letters and age of queues) is
not told again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.alerting.alerts import receive_findings
from syndic.alerting.keys import DELIVERIES_OPEN, self_watch_key
from syndic.alerting.models import Alert, Delivery
from syndic.assessment import ORGANISATION
from syndic.audit.verification.daily import KIND as TRAIL
from syndic.discovery.keys import SOURCES
from syndic.discovery.models import KnownSource
from syndic.identity.keys import ALL as KEYS
from syndic.identity.models import ApiKey
from syndic.mirror.keys import STATE as MIRROR
from syndic.mirror.models import MirrorState
from syndic.models import Concern, Evidence, EvidenceStatus, Finding, FindingsChanged, Severity
from syndic.ports import Readable, Record
from syndic.records import iterate, list_evidence
from syndic.tasks.clouds import Clouds
from syndic.tasks.watch.standby import ITSELF, Standby, absence_of

SOON: Final = timedelta(days=14)
UNVERIFIED: Final = timedelta(days=2)
STALE: Final = timedelta(hours=6)
REFUSALS: Final = 3
"""So often one message may be refused before that is told of."""


def watch_itself(clouds: Clouds, unreached: Sequence[Alert], standby: Standby | None = None) -> int:
    """Raise what is wrong with the platform and end what is not any more; returns how many findings were kept.

    Args:
        clouds: Records, settings and time.
        unreached: Alerts that reach nobody by the routing.
        standby: Whom this cloud tells while the one that governs stays away.
    """
    now = clouds.now()
    read = clouds.store.get_many([MIRROR, self_watch_key()])
    wrong = {f"{one.concern} {one.subject}": one for one in _troubles(clouds, read, unreached, standby, now)}
    mark = read.get(self_watch_key())
    before: dict[str, Any] = dict(mark.body["raised"]) if mark else {}
    # The same trouble with another number is no news.
    changed = [one for key, one in wrong.items() if before.get(key) != one.severity.value]
    ended = (key.partition(" ") for key in sorted(before.keys() - wrong.keys()))
    over = [_finding(clouds, now, concern, subject) for concern, _, subject in ended]
    if not changed and not over:
        return 0
    findings = FindingsChanged(findings=(*changed, *over))
    receive_findings(findings, store=clouds.store, audit=clouds.audit, now=now)
    raised = {key: one.severity.value for key, one in wrong.items()}
    clouds.store.put(Record(self_watch_key(), {"raised": raised}), expect=mark.etag if mark else None)
    return len(findings.findings)


def _troubles(
    clouds: Clouds, read: Readable, unreached: Sequence[Alert], standby: Standby | None, now: datetime
) -> Iterator[Finding]:
    alone = [one for one in unreached if one.model_id != ITSELF]
    if alone:
        named = ", ".join(sorted(one.id for one in alone)[:5])
        yield _finding(
            clouds, now, Concern.ALERTING, "nobody told", Severity.HIGH, f"{len(alone)} alerts reach nobody: {named}",
            "Name an owner, set a receiver, or a route that takes them (/alerts/routes).",
        )  # fmt: skip
    for record in iterate(clouds.store, DELIVERIES_OPEN):
        told = Delivery.model_validate(record.body)
        if told.tries >= REFUSALS:
            yield _finding(
                clouds, now, Concern.ALERTING, f"receiver {told.receiver}", Severity.HIGH,
                f"{told.receiver} has refused a message {told.tries} times: {told.trouble}",
                "Try it out (syndic alerts test) and mend its secret or options; the message is kept and tried again.",
            )  # fmt: skip
    for record in iterate(clouds.store, SOURCES):
        source = KnownSource.model_validate(record.body)
        if source.unavailable is not None:
            yield _finding(
                clouds, now, Concern.DISCOVERY, f"source {source.name}", Severity.MEDIUM,
                f"{source.name} cannot be read: {source.unavailable}",
                "Its models are shown as they were last seen. Mend the access that discovery has.",
            )  # fmt: skip
    met = read.get(MIRROR)
    since = MirrorState.model_validate(met.body).failing_since if met else None
    if since is not None and now - since > STALE:
        yield _finding(
            clouds, now, Concern.DISCOVERY, "mirror", Severity.HIGH,
            f"the other cloud cannot be reached since {since:%Y-%m-%d %H:%M} UTC",
            "What is shown of its models is as old. Mend the connection; nothing is lost meanwhile.",
        )  # fmt: skip
    if standby is not None and standby.after and (absent := absence_of(standby, clouds.store, now)).away:
        word = "has not come" if absent.came else "was awaited and has never come"
        yield _finding(
            clouds, now, Concern.DISCOVERY, "mirror", Severity.HIGH,
            f"the cloud that governs {word} since {absent.since:%Y-%m-%d %H:%M} UTC",
            "What is found here is told from here meanwhile. Look at the function of the mirror in AWS.",
        )  # fmt: skip
    shown = list(list_evidence(clouds.store, ORGANISATION))
    yield from _trail(shown, clouds, now)
    yield from _ending(shown, clouds, now)


def _trail(shown: Sequence[Evidence], clouds: Clouds, now: datetime) -> Iterator[Finding]:
    found = next((one for one in shown if one.kind == TRAIL), None)
    if found is None:
        return
    late = now - found.produced_at > UNVERIFIED
    if found.status is EvidenceStatus.FAILING or late:
        yield _finding(
            clouds, now, Concern.AUDIT, "trail", Severity.CRITICAL if not late else Severity.HIGH,
            f"not verified since {found.produced_at:%Y-%m-%d %H:%M} UTC" if late else found.summary,
            "Verify an export offline (syndic audit verify), and look at the function of the trail.",
        )  # fmt: skip


def _ending(shown: Sequence[Evidence], clouds: Clouds, now: datetime) -> Iterator[Finding]:
    for record in iterate(clouds.store, KEYS):
        key = ApiKey.model_validate(record.body)
        if key.revoked_at is None and now < key.expires_at <= now + SOON:
            yield _finding(
                clouds, now, Concern.ALERTING, f"key {key.name}", Severity.LOW,
                f"the key {key.name} of {key.made_by} ends on {key.expires_at:%Y-%m-%d}",
                "Make another one (syndic keys create) and give it to the program.",
            )  # fmt: skip
    for one in shown:
        if one.kind.startswith("attestation.") and one.expires_at and now < one.expires_at <= now + SOON:
            yield _finding(
                clouds, now, Concern.COMPLIANCE, one.kind, Severity.MEDIUM,
                f"{one.summary}: it ends on {one.expires_at:%Y-%m-%d}", "Sign it again (syndic, POST /attestations).",
            )  # fmt: skip


def _finding(  # noqa: PLR0917 - what a finding says, in its order
    clouds: Clouds, now: datetime, concern: str, subject: str, severity: Severity = Severity.NONE,
    reason: str = "it is well again", remedy: str = "Nothing needs to be done.",
) -> Finding:  # fmt: skip
    return Finding(
        id=f"self.{concern}.{subject}.{now:%Y%m%dT%H%M%S}",
        model_id=ITSELF,
        model_name="Syndic",
        owner=clouds.settings.mail_fallback,
        concern=Concern(concern),
        subject=subject,
        measure="self",
        severity=severity,
        title=f"Syndic: {subject}",
        reason=reason,
        remedy=remedy,
        found_at=now,
    )
