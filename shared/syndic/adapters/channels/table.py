"""The channels. A new one is a folder and a line here; the wiring gives each what it needs to reach its service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from syndic.adapters.channels.email.channel import EmailChannel

CHANNELS: Final[Mapping[str, type[EmailChannel]]] = {
    "email": EmailChannel,
}
