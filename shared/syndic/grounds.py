"""Which ground of discrimination an attribute stands for, by the words of its name.

A name that says none of these words stands for no ground that is known here: nothing is guessed from its values.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

GROUNDS: Final[dict[str, frozenset[str]]] = {
    "sex": frozenset({"sex", "gender", "geschlecht", "sexe", "genre", "sexo", "genero", "sesso", "genere", "female"}),
    "race_or_ethnicity": frozenset(
        {"race", "ethnicity", "ethnic", "ethnie", "raza", "etnia", "razza", "origin", "herkunft", "origine", "racial"}
    ),
    "age": frozenset(
        {"age", "alter", "edad", "eta", "birthyear", "geburtsjahr", "altersgruppe", "agegroup", "ageband"}
    ),
    "religion_or_belief": frozenset({"religion", "belief", "faith", "konfession", "religione"}),
    "disability": frozenset({"disability", "disabled", "behinderung", "handicap", "discapacidad", "disabilita"}),
    "sexual_orientation": frozenset({"orientation", "orientierung"}),
    "marital_status": frozenset({"marital", "familienstand", "matrimonial"}),
    "nationality": frozenset({"nationality", "citizenship", "nationalitat", "nationalite"}),
    "public_assistance": frozenset({"assistance", "welfare"}),
}
"""Protected by 15 U.S.C. 1691, 42 U.S.C. 2000e-2 or Directives 2000/43/EC, 2000/78/EC, 2004/113/EC, 2006/54/EC."""

_BORDER: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def ground_of(name: str) -> str | None:
    """The ground that a name tells: ``applicantSex`` is sex, ``weekday`` none."""
    plain = unicodedata.normalize("NFKD", _BORDER.sub(" ", name)).encode("ascii", "ignore").decode().casefold()
    words = set(re.split(r"[^a-z]+", plain)) - {""}
    return next((ground for ground, known in GROUNDS.items() if words & known), None)


def crossed(names: Iterable[str]) -> str | None:
    """The grounds of several attributes together, such as ``race_or_ethnicity & sex``; None when one tells none."""
    found = {ground_of(name) for name in names}
    return None if None in found or not found else " & ".join(sorted(str(ground) for ground in found))
