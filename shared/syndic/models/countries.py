"""Countries of which law speaks, by their codes."""

from __future__ import annotations

from typing import Final

UNION: Final = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
    "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
"""The Member States of the European Union; Greece is EL in law and GR in ISO 3166."""

EEA: Final = UNION | {"IS", "LI", "NO"}
"""The European Economic Area, beyond which a country is a third one (GDPR, Art. 44): adequate ones too (Art. 45)."""
