"""Notifications for the tests of channels."""

from __future__ import annotations

from syndic.models import Severity
from syndic.ports import Matter, Notification, Number, Step
from tests.unit.channels.listening import NOW

HOSTILE = (
    "<!channel> & <https://evil.example|click> *b* _i_ `c` [x](https://evil.example) {{DATE(2020-01-01)}} "
    "<at>all</at> <script>alert(1)</script> @here ~s~ \u202e"
)


def matter(title: str = "drift of amount", *, cause: str = "psi over its limit", link: bool = True) -> Matter:
    return Matter(
        severity=Severity.HIGH,
        model="credit",
        title=title,
        about="drift, amount",
        numbers=(Number("psi", 1.7, 0.25, (1.5, 1.9)),),
        since="2 March 2026, in 3 windows",
        cause=cause,
        to_do="look at the last release",
        link="https://syndic.example.org/#/models/credit?a=1&b=2" if link else None,
    )


def notification(*matters: Matter, step: Step = Step.TRIGGER, key: str = "d1", subject: str = "") -> Notification:
    return Notification(
        to="",
        subject=subject or "[high] credit: drift of amount",
        lead="One alert about your models is new or has become worse.",
        matters=matters or (matter(),),
        overview="https://syndic.example.org/#/alerts",
        closing="Sent by Syndic on 4 March 2026, 06:00 UTC.",
        dedupe_id=key,
        at=NOW,
        step=step,
    )
