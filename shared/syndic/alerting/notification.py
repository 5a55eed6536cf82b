"""The digest as a notification: what there is to say to one recipient, in no channel's form. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from syndic.alerting.models import Alert
from syndic.models import Concern, TimeWindow
from syndic.ports import Matter, Notification, Number, Offer, Step

RELATED: Final = 6
"""Findings of an alert named beside the one to act on; the rest is counted."""

_SPACES: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")


def compose(
    alerts: Sequence[Alert], *, to: str, dashboard_url: str | None, digest_id: str, now: datetime,
    step: Step = Step.TRIGGER, thread: str | None = None, standing: Mapping[str, str] | None = None,
) -> Notification:  # fmt: skip
    """What one recipient is told about these alerts, worst first; that they are over, when there are none.

    `standing`: what became of some of them since they were told, by id. Of these nothing is offered any more.
    """
    ordered = sorted(alerts, key=lambda one: (-one.severity.rank, one.model_name, one.concern.value, one.id))
    base = _base(dashboard_url)
    matters = tuple(_matter(alert, base, (standing or {}).get(alert.id)) for alert in ordered)
    return Notification(
        to=to,
        subject=_subject(matters),
        lead=_lead(ordered) if step is not Step.RESOLVE else "All alerts of this group are over.",
        matters=matters,
        overview=f"{base}#/alerts" if base else None,
        closing=_closing(now),
        dedupe_id=digest_id,
        at=now,
        step=step,
        thread=thread,
    )


def _matter(alert: Alert, base: str | None, standing: str | None) -> Matter:
    number = None if alert.value is None else Number(_line(alert.measure or "value"), alert.value, alert.threshold)
    return Matter(
        severity=alert.severity,
        model=_line(alert.model_name),
        title=_line(alert.title),
        about=f"{alert.concern.value}, {_line(alert.subject)}",
        numbers=() if number is None else (number,),
        since=_since(alert),
        cause=_line(alert.reason),
        to_do=_line(alert.remedy),
        link=None if base is None else _link(alert, base),
        related=_related(alert),
        standing=None if standing is None else _line(standing),
        offer=Offer(alert.id, alert.first_seen, alert.severity) if standing is None else None,
    )


def _base(url: str | None) -> str | None:
    """The dashboard's address with a slash at its end, unless it is no web address."""
    if url is None or urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
        return None
    return url.split("#")[0].rstrip("/") + "/"


def _subject(matters: Sequence[Matter]) -> str:
    if not matters:
        return "Alerts are over"
    worst = matters[0].severity
    models = sorted({one.model for one in matters})
    where = models[0] if len(models) == 1 else f"{len(models)} models"
    if len(matters) == 1:
        return f"[{worst.value}] {matters[0].headline}"[:150]
    count = sum(one.severity is worst for one in matters)
    others = len(matters) - count
    tail = f", {others} more" if others else ""
    return _line(f"{where}: {count} {worst.value} {'alert' if count == 1 else 'alerts'}{tail}")[:150]


def _since(alert: Alert) -> str:
    since = _day(alert.first_seen)
    if alert.windows_seen > 1:
        since += f", in {alert.windows_seen} windows"
    if alert.windows:
        since += f"; latest: {_span(alert.windows[-1])}"
    return since


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _span(window: TimeWindow) -> str:
    """A window as people say it: its last day, not the midnight after it."""
    if window.start.time() == window.end.time() == time(0):
        last = window.end - timedelta(days=1)
        return _day(window.start) if last <= window.start else f"{_day(window.start)} to {_day(last)}"
    return f"{_day(window.start)}, {window.start:%H:%M} to {_day(window.end)}, {window.end:%H:%M} UTC"


def _lead(alerts: Sequence[Alert]) -> str:
    findings = sum(one.findings for one in alerts)
    of = "" if findings == len(alerts) else f", made of {findings} findings"
    if len(alerts) == 1:
        return f"One alert about your models is new or has become worse{of}."
    return f"{len(alerts)} alerts about your models are new or have become worse{of}."


def _related(alert: Alert) -> str | None:
    """What else belongs to the alert, in a line."""
    others = [one for one in alert.members if one.subject_key != alert.subject_key]
    if not others:
        return None
    named = list(dict.fromkeys(_line(f"{one.subject} ({one.measure or 'seen'})") for one in others))
    rest = alert.findings - 1 - len(others) + max(0, len(named) - RELATED)
    return "; ".join(named[:RELATED]) + (f"; and {rest} more" if rest > 0 else "")


def _link(alert: Alert, base: str) -> str:
    """The finding on the model's page, as the dashboard's own links have it."""
    activity = alert.concern in {Concern.AUDIT, Concern.REGISTRY}
    query = {"section": "activity" if activity else alert.concern.value}
    if alert.concern is Concern.DRIFT:
        query["feature"] = alert.subject
    outcome = alert.subject.split(":")[0]
    if alert.concern is Concern.BIAS and re.fullmatch(r"\w+", outcome):
        query["outcome"] = outcome
    clean = {name: _line(value) for name, value in query.items()}
    return f"{base}#/models/{quote(alert.model_id, safe='')}?{urlencode(clean)}"


def _closing(now: datetime) -> str:
    return (
        f"Sent by Syndic on {_day(now)}, {now:%H:%M} UTC. Each alert is sent once, and again only if it gets worse. "
        "Acknowledge alerts on the dashboard."
    )


def _line(text: str) -> str:
    """A text in one line: no control character and no line break of any alphabet survives."""
    return _SPACES.sub(" ", text).strip().encode("utf-8", "replace").decode()
