"""The digest as a message: plain text and HTML, every word of it escaped. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from html import escape
from importlib.resources import files
from string import Template
from typing import Final
from urllib.parse import quote, urlsplit

from syndic.alerting.models import Alert
from syndic.alerting.rules import precedence
from syndic.models import Severity, TimeWindow
from syndic.ports import Message

SHOWN: Final = 40
"""Alerts shown in full; a digest of more says how many follow on the dashboard."""

_COLOURS: Final = {
    Severity.CRITICAL: ("#8f1d1d", "#fbeaea"),
    Severity.HIGH: ("#93470b", "#fcf0e4"),
    Severity.MEDIUM: ("#6b5a08", "#f9f4dc"),
    Severity.LOW: ("#40505c", "#eef2f4"),
    Severity.NONE: ("#40505c", "#eef2f4"),
}
_SPACES: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")


def compose(alerts: Sequence[Alert], *, to: str, dashboard_url: str | None, digest_id: str, now: datetime) -> Message:
    """The message to one recipient about these alerts, worst first."""
    ordered = sorted(
        alerts, key=lambda one: (-one.severity.rank, one.model_name, *precedence(one), one.subject, one.id)
    )
    base = _base(dashboard_url)
    shown, more = ordered[:SHOWN], len(ordered) - SHOWN
    return Message(
        to=to,
        subject=_subject(ordered),
        text=_text(shown, more, base, now),
        html=_html(shown, more, base, now),
        dedupe_id=digest_id,
        headers={"X-Syndic-Digest": digest_id, "Auto-Submitted": "auto-generated"},
    )


def model_link(base: str | None, model_id: str) -> str | None:
    """The dashboard's page of a model."""
    return None if base is None else f"{base}#/models/{quote(model_id, safe='')}"


def _base(url: str | None) -> str | None:
    """The dashboard's address with a slash at its end, unless it is no web address."""
    if url is None or urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
        return None
    return url.split("#")[0].rstrip("/") + "/"


def _subject(alerts: Sequence[Alert]) -> str:
    worst = alerts[0].severity
    models = sorted({_line(one.model_name) for one in alerts})
    where = models[0] if len(models) == 1 else f"{len(models)} models"
    if len(alerts) == 1:
        return f"[{worst.value}] {_headline(alerts[0])}"[:150]
    count = sum(one.severity is worst for one in alerts)
    others = len(alerts) - count
    tail = f", {others} more" if others else ""
    return _line(f"{where}: {count} {worst.value} {'alert' if count == 1 else 'alerts'}{tail}")[:150]


def _headline(alert: Alert) -> str:
    """The title, after the model's name unless the title has it."""
    name, title = _line(alert.model_name), _line(alert.title)
    return title if name and name in title else f"{name}: {title}"


def _facts(alert: Alert) -> list[tuple[str, str]]:
    facts = [("Subject", f"{alert.concern.value}, {_line(alert.subject)}")]
    if alert.value is not None:
        number = f"{_line(alert.measure or 'value')} {alert.value:.4g}"
        facts.append(("Measured", number if alert.threshold is None else f"{number} (threshold {alert.threshold:.4g})"))
    since = _day(alert.first_seen)
    if alert.windows_seen > 1:
        since += f", in {alert.windows_seen} windows"
    if alert.windows:
        since += f"; latest: {_span(alert.windows[-1])}"
    facts.append(("Since", since))
    return facts


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _span(window: TimeWindow) -> str:
    """A window as people say it: its last day, not the midnight after it."""
    if window.start.time() == window.end.time() == time(0):
        last = window.end - timedelta(days=1)
        return _day(window.start) if last <= window.start else f"{_day(window.start)} to {_day(last)}"
    return f"{_day(window.start)}, {window.start:%H:%M} to {_day(window.end)}, {window.end:%H:%M} UTC"


def _text(alerts: Sequence[Alert], more: int, base: str | None, now: datetime) -> str:
    lines = [_intro(len(alerts) + max(0, more)), ""]
    for alert in alerts:
        lines += [f"{alert.severity.value.upper()}  {_headline(alert)}", ""]
        lines += [f"  {name + ':':<10} {value}" for name, value in _facts(alert)]
        lines += [f"  {'Why:':<10} {_line(alert.reason)}", f"  {'To do:':<10} {_line(alert.remedy)}"]
        if link := model_link(base, alert.model_id):
            lines.append(f"  {'Details:':<10} {link}")
        lines += ["", ""]
    if more > 0:
        lines += [_more(more, base), ""]
    lines += ["--", _footer(now)]
    return "\n".join(lines) + "\n"


def _html(alerts: Sequence[Alert], more: int, base: str | None, now: datetime) -> str:
    page, card = _template("digest.html"), _template("alert.html")
    cards = []
    for alert in alerts:
        colour, ground = _COLOURS[alert.severity]
        link = model_link(base, alert.model_id)
        cards.append(
            card.substitute(
                colour=colour,
                ground=ground,
                severity=escape(alert.severity.value),
                model=escape(_line(alert.model_name)),
                title=escape(_line(alert.title)),
                facts="".join(
                    f'<tr><td style="padding:2px 16px 2px 0;color:#5b6770;vertical-align:top">{escape(name)}</td>'
                    f'<td style="padding:2px 0">{escape(value)}</td></tr>'
                    for name, value in _facts(alert)
                ),
                reason=escape(_line(alert.reason)),
                remedy=escape(_line(alert.remedy)),
                link=f'<p style="margin:12px 0 0"><a href="{escape(link)}" style="color:#1f5f8b">Open the model</a></p>'
                if link
                else "",
            )
        )
    return page.substitute(
        intro=escape(_intro(len(alerts) + max(0, more))),
        cards="".join(cards),
        more=f'<p style="margin:20px 0 0">{escape(_more(more, base))}</p>' if more > 0 else "",
        footer=escape(_footer(now)),
    )


def _intro(count: int) -> str:
    if count == 1:
        return "One thing about your models is new or has grown worse."
    return f"{count} things about your models are new or have grown worse."


def _more(more: int, base: str | None) -> str:
    where = f": {base}#/alerts" if base else "."
    return f"{more} more {'is' if more == 1 else 'are'} on the dashboard{where}"


def _footer(now: datetime) -> str:
    return (
        f"Sent by Syndic on {_day(now)}, {now:%H:%M} UTC. You are told once of each alert, and again only if it grows "
        "worse. Acknowledge alerts on the dashboard."
    )


def _line(text: str) -> str:
    """A text in one line: no control character and no line break of any alphabet survives."""
    return _SPACES.sub(" ", text).strip().encode("utf-8", "replace").decode()


def _template(name: str) -> Template:
    return Template(files("syndic.alerting").joinpath("templates", name).read_text(encoding="utf-8"))
