"""The checklists of the procedures of Art. 43 as data, and what is still open of one."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources

import yaml
from pydantic import Field

from syndic.models import Noun
from syndic.registers.conformity.models import ALLOWED, ConformityFile, ConformityProcedure, ItemId
from syndic.substance import says_something


class ChecklistItem(Noun):
    """One thing that the procedure asks of the provider."""

    id: ItemId
    asks: str = Field(min_length=10)
    legal_basis: str = Field(min_length=3)
    rests_on: tuple[str, ...] = Field(
        description="requirements of the framework eu_ai_act, whose state is shown with it"
    )
    by_ai_office: bool = Field(default=False, description="asked only where the AI Office is competent (Art. 75(1))")


class Checklists(Noun):
    """The checklist of each procedure."""

    verified_on: date
    annex_vi: tuple[ChecklistItem, ...] = Field(min_length=1)
    annex_vii: tuple[ChecklistItem, ...] = Field(min_length=1)
    sector: tuple[ChecklistItem, ...] = Field(min_length=1)

    def of(self, route: ConformityProcedure, *, ai_office: bool) -> tuple[ChecklistItem, ...]:
        """The checklist of a procedure, as it is where the AI Office is competent or not."""
        found: tuple[ChecklistItem, ...] = getattr(self, route.value)
        return tuple(one for one in found if ai_office or not one.by_ai_office)


@cache
def checklists() -> Checklists:
    """The checklists shipped with Syndic."""
    text = resources.files(__package__).joinpath("checklists.yaml").read_text("utf-8")
    return Checklists.model_validate(yaml.safe_load(text))


def open_points(
    file: ConformityFile, proposed: str | None, contradicted: frozenset[str], today: date, *, ai_office: bool = False
) -> tuple[str, ...]:
    """What keeps an assessment from being concluded.

    Args:
        file: The assessment.
        proposed: The procedure that the answers to the questionnaire lead to.
        contradicted: The requirements that evidence contradicts, by id.
        today: For the end of a certificate.
        ai_office: Whether the AI Office is competent, so that a third party assesses by way of the Commission.
    """
    if file.route is None:
        return ("route: no procedure was chosen",)
    found = []
    if file.route not in ALLOWED.get(proposed, ()):
        said = " or ".join(one.value for one in ALLOWED.get(proposed, ())) or "none: answer the questionnaire ai_act"
        found.append(f"route: {file.route.value} was chosen, the answers lead to {said}")
    if not says_something(file.route_reasons):
        found.append("route_reasons: say why this procedure")
    if proposed == "annex_vi_or_vii" and file.route is ConformityProcedure.ANNEX_VI and not file.standards:
        found.append("standards: internal control is open to biometrics only with standards applied in full (43(1))")
    found += _of_body(file, today)
    for item in checklists().of(file.route, ai_office=ai_office):
        checked = file.checks.get(item.id)
        against = sorted(contradicted & set(item.rests_on))
        if checked is None or not checked.done:
            found.append(f"{item.id}: {item.asks} ({item.legal_basis})")
        elif not says_something(checked.note):
            found.append(f"{item.id}: say what was looked at, and where it is")
        elif against:
            found.append(f"{item.id}: evidence contradicts {', '.join(against)}")
    return tuple(found)


def _of_body(file: ConformityFile, today: date) -> list[str]:
    if file.route is not ConformityProcedure.ANNEX_VII:
        return []
    body = file.notified_body
    if body is None:
        return ["notified_body: name and number of the notified body"]
    found = [] if body.certificate.strip() else ["notified_body.certificate: the number of the certificate"]
    if body.expires_on is None:
        found.append("notified_body.expires_on: until when the certificate holds (Art. 44)")
    elif body.expires_on < today:
        found.append(f"notified_body.expires_on: the certificate ended on {body.expires_on.isoformat()}")
    return found
