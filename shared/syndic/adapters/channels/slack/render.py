"""A notification as blocks of Slack. Pure.

Limits: 50 blocks, 3,000 characters of a section, 150 of a header, and about 13,200 characters in all, which Slack
does not document. What others wrote stands in ``plain_text``, where nothing is formatted or linked; ``&``, ``<`` and
``>`` are escaped everywhere, so that ``<!channel>`` calls nobody. Buttons stand below their matter, where Slack sends
somewhere what is pressed.
"""

from __future__ import annotations

from typing import Any, Final

from syndic.adapters.channels.content import cut, facts, fill, headline, more
from syndic.adapters.channels.slack.buttons import actions_block
from syndic.ports import Matter, Notification

MOST_MATTERS: Final = 20  # two blocks each, and five more: under 50
ROOM: Final = 10_000  # characters of all matters, escaped
SECTION: Final = 2_900
HEADER: Final = 150
LINK: Final = 1_500


def render(notification: Notification, receiver: str | None = None) -> dict[str, Any]:
    """The message: `text` is what notifications show, `blocks` what the channel shows.

    Args:
        notification: What there is to say.
        receiver: For whom, when buttons are to be shown: they carry its name.
    """
    shown = fill(notification.matters, MOST_MATTERS, _size, ROOM)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(notification.subject, HEADER)},
        {"type": "section", "text": _plain(notification.lead, SECTION)},
    ]
    for matter in shown:
        blocks.append({"type": "section", "text": _plain(_words(matter), SECTION)})
        if receiver is not None and (buttons := actions_block(matter.offer, receiver, matter.link)):
            blocks.append(buttons)
        elif matter.link is not None and (link := _link(matter.link, "Open the model")):
            blocks.append({"type": "context", "elements": [link]})
    rest = more(notification, len(shown))
    if rest is not None:
        blocks.append({"type": "section", "text": _plain(rest, SECTION)})
    if notification.overview is not None and (link := _link(notification.overview, "All alerts")):
        blocks.append({"type": "context", "elements": [link]})
    blocks.append({"type": "context", "elements": [_plain(notification.closing, SECTION)]})
    text = escape(cut(notification.subject, HEADER))
    return {"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def escape(text: str) -> str:
    """A text in which Slack finds neither a mention nor a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _words(matter: Matter) -> str:
    return "\n".join([headline(matter), *(f"{name}: {value}" for name, value in facts(matter))])


def _plain(text: str, most: int) -> dict[str, Any]:
    shown = cut(text or "-", most)
    while len(escape(shown)) > most:  # one character may become five
        shown = cut(text, len(shown) - max(1, (len(escape(shown)) - most) // 5))
    return {"type": "plain_text", "text": escape(shown), "emoji": False}


def _size(matter: Matter) -> int:
    return len(_plain(_words(matter), SECTION)["text"]) + len(matter.link or "")


def _link(url: str, label: str) -> dict[str, Any] | None:
    safe = url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
    return {"type": "mrkdwn", "text": f"<{safe}|{label}>", "verbatim": True} if len(safe) <= LINK else None
