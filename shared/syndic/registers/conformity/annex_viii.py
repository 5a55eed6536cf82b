"""The data that Annex VIII and IX have registered, by section and point: what is on record, given and missing.

Source: Regulation (EU) 2024/1689, Annex VIII, OJ L, 12.7.2024, with points 7 and 9 of Section B deleted by Regulation
(EU) 2026/1744, OJ L, 24.7.2026; Annex IX; Art. 49(4) and 60(4)(c). In short own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import Field

from syndic.models import Noun
from syndic.registers.conformity.models import DataSection
from syndic.registers.markdown import plain

Need = Literal["always", "where_applicable", "optional"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A point: what it asks for, whether always, and the record that it is taken from where nobody gives it."""

    number: str
    asks: str
    need: Need = "always"
    record: str | None = None


_WHO: Final = (
    Asked("1", "Name, address and contact details of the provider"),
    Asked("2", "Name, address and contact details of whoever submits on behalf of the provider", "where_applicable"),
    Asked("3", "Name, address and contact details of the authorised representative", "where_applicable"),
    Asked("4", "Trade name and any reference by which the system is identified and traced", record="name"),
)
_STATUS: Final = "Status: on the market or in service; no longer; recalled"

POINTS: Final[Mapping[DataSection, tuple[Asked, ...]]] = {
    DataSection.A: (
        *_WHO,
        Asked("5", "Intended purpose, and the components and functions supported", record="purpose"),
        Asked("6", "Information used by the system (data, inputs) and its operating logic, concisely", record="logic"),
        Asked("7", _STATUS, record="status"),
        Asked("8", "Certificate: type, number, expiry; the notified body", "where_applicable", record="certificate"),
        Asked("9", "Scanned copy of the certificate", "where_applicable"),
        Asked("10", "Member States where it is on the market, in service or made available", record="countries"),
        Asked("11", "Copy of the EU declaration of conformity", record="declaration"),
        Asked("12", "Electronic instructions for use; not in law enforcement, migration and border control",
              record="instructions"),
        Asked("13", "URL for additional information", "optional"),
    ),
    DataSection.B: (
        *_WHO,
        Asked("5", "Intended purpose", record="purpose"),
        Asked("6", "The condition or conditions of Art. 6(3) relied on", record="grounds"),
        Asked("8", _STATUS, record="status"),
    ),
    DataSection.C: (
        Asked("1", "Name, address and contact details of the deployer"),
        Asked("2", "Name, address and contact details of whoever submits on behalf of the deployer"),
        Asked("3", "URL of the provider's entry of the system in the EU database"),
        Asked("4", "Summary of the findings of the fundamental rights impact assessment", record="fria"),
        Asked("5", "Summary of the data protection impact assessment", "where_applicable", record="dpia"),
    ),
    DataSection.IX: (
        Asked("1", "Union-wide unique single identification number of the test"),
        Asked("2", "Name and contact details of the provider or prospective provider and of the deployers involved"),
        Asked("3", "Brief description of the system, its intended purpose, and what else identifies it",
              record="described"),
        Asked("4", "Summary of the main characteristics of the plan for the test", record="testing_plan"),
        Asked("5", "Suspension or termination of the test", "where_applicable"),
    ),
}  # fmt: skip

APART: Final[Mapping[DataSection, frozenset[str]]] = {
    DataSection.A: frozenset({"1", "2", "3", "4", "5", "7", "10"}),
    DataSection.B: frozenset({"1", "2", "3", "4", "5", "8"}),
    DataSection.C: frozenset({"1", "2", "3"}),
    DataSection.IX: frozenset({"1", "2", "3", "5"}),
}
"""The points of Art. 49(4)(a)-(d), and no others. Point 9 of Section B, which (b) names too, is deleted."""


class RegistrationPoint(Noun):
    """One point of a section, with its value and where that comes from."""

    number: str
    asks: str
    need: Need
    value: str | None
    source: str | None = Field(default=None, description="given, or the record that it was taken from")

    @property
    def is_missing(self) -> bool:
        """Whether it has to be there and is not."""
        return self.need == "always" and not self.value


class RegistrationData(Noun):
    """The data of a section for one system."""

    model_id: str
    section: DataSection
    article: str
    short: bool | None = Field(
        description="whether Art. 49(4) leaves it at fewer points; null: whether it does is not answered"
    )
    database: str = Field(description="where it is registered")
    points: tuple[RegistrationPoint, ...]
    missing: tuple[str, ...] = Field(description="points that have to be there and are not")
    open: tuple[str, ...] = Field(description="points that are only for some and are empty: look whether they apply")


ARTICLES: Final[Mapping[DataSection, str]] = {
    DataSection.A: "Art. 49(1)", DataSection.B: "Art. 49(2)", DataSection.C: "Art. 49(3)",
    DataSection.IX: "Art. 60(4)(c)",
}  # fmt: skip
TITLES: Final[Mapping[DataSection, str]] = {
    **{one: f"Annex VIII Section {one.value}" for one in (DataSection.A, DataSection.B, DataSection.C)},
    DataSection.IX: "Annex IX",
}


def data_set(
    model_id: str,
    section: DataSection,
    *,
    given: Mapping[str, str],
    records: Mapping[str, str | None],
    apart: bool | None,
    national: bool,
) -> RegistrationData:
    """The data of a section, what people gave before what is on record.

    Args:
        model_id: The system.
        section: Which.
        given: By number of the point.
        records: By the names that the points have for them.
        apart: Whether Art. 49(4) has it in the section that is not public, with fewer points; None: not known, so that
            all are asked.
        national: Whether it is registered nationally, as critical infrastructure is (Art. 49(5)).
    """
    points = tuple(_point(one, given, records) for one in POINTS[section] if not apart or one.number in APART[section])
    return RegistrationData(
        model_id=model_id,
        section=section,
        article=f"{ARTICLES[section]}, (4)" if apart and section is not DataSection.IX else ARTICLES[section],
        short=apart,
        database=_database(apart=apart, national=national),
        points=points,
        missing=tuple(f"{section.value}.{one.number}: {one.asks}" for one in points if one.is_missing),
        open=tuple(
            f"{section.value}.{one.number}: {one.asks}"
            for one in points if one.need == "where_applicable" and not one.value
        ),
    )  # fmt: skip


def _point(asked: Asked, given: Mapping[str, str], records: Mapping[str, str | None]) -> RegistrationPoint:
    said = given.get(asked.number, "").strip()
    known = records.get(asked.record or "")
    return RegistrationPoint(
        number=asked.number, asks=asked.asks, need=asked.need, value=said or known or None,
        source="given" if said else asked.record if known else None,
    )  # fmt: skip


def _database(*, apart: bool | None, national: bool) -> str:
    if apart:
        return "the section of the EU database that is not public, with these points only (Art. 49(4))"
    if national:
        return "the national database (Art. 49(5))"
    if apart is None:
        return (
            "the EU database; answer whether it is for law enforcement, migration, asylum or border control: then it "
            "is the section that is not public, with fewer points (Art. 49(4))"
        )
    return "the EU database (Art. 71)"


def as_markdown(found: RegistrationData, *, name: str, as_of: str) -> str:
    """The data set as a document."""
    lines = [
        f"# {TITLES[found.section]}: {plain(name)}", "",
        f"{found.article} of Regulation (EU) 2024/1689, for {found.database}. As of {as_of}.", "",
        "| Point | Asked | Content | Taken from |", "| --- | --- | --- | --- |",
        *(
            f"| {one.number} | {one.asks} | {_shown(one)} | {one.source or '-'} |"
            for one in found.points
        ),
        "", "## Missing", "", *([f"- {one}" for one in found.missing] or ["Nothing that has to be there is missing."]),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _shown(point: RegistrationPoint) -> str:
    if point.value:
        return plain(point.value)
    return "**missing**" if point.is_missing else "-"
