"""A year of a credit scoring model, day by day: every affected duty stands as the law and the registers have it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Final

import pytest

from syndic.assessment import State
from syndic.tasks.registers import watch_registers
from tests.edges.credit_story import Story, begun, package
from tests.edges.envelopes import PEOPLE
from tests.edges.world import MODEL, World
from tests.edges.year import Year

DAYS: Final = 364  # until the signatures of the first day end
BINDS: Final = 184  # 2 December 2027: the duties of high-risk systems of Annex III apply
SECOND: Final = 1 / 86400
MET, NOT_MET, LACKS = State.MET, State.NOT_MET, State.INSUFFICIENT_EVIDENCE
DUE, LAPSED, LATER = State.ATTESTATION_DUE, State.EXPIRED, State.NOT_YET_IN_FORCE

TABLE: Final[dict[str, tuple[tuple[int, State, str], ...]]] = {
    # requirement: from which day on it stands how, and what its reason says
    "AIA-4": ((0, MET, ""), (221, LACKS, "training"), (225, MET, "")),
    "AIA-25(4)": ((0, LATER, "2027-12-02"), (BINDS, MET, ""), (251, NOT_MET, "ended on 2028-02-06"),
                  (260, MET, ""), (275, DUE, "the present version is 2"), (277, MET, "")),
    "AIA-43": ((0, LATER, ""), (BINDS, MET, ""), (275, DUE, "the present version is 2"), (277, MET, "")),
    "AIA-73": ((0, LATER, ""), (BINDS, MET, "")),
    "GDPR-15": ((0, MET, ""),),
    "GDPR-17": ((0, MET, ""), (131, NOT_MET, "past its period"),),
    "GDPR-28": ((0, MET, ""), (121, NOT_MET, "ended on 2027-09-29"), (130, MET, "")),
    "GDPR-33": ((0, MET, ""), (204, LACKS, "nobody decided"), (205, NOT_MET, "within 72 hours"),
                (206, LACKS, "sent after its time"), (207, MET, "")),
    "ISO-6.1.4": ((0, MET, ""),),
    "ISO-A.2.4": ((0, MET, ""), (201, LACKS, "past its review"), (203, MET, "")),
    "RMF-MANAGE-1": ((0, MET, ""), (151, LACKS, "has run out"), (155, MET, ""), (190, LAPSED, "was good until"),
                     (195, MET, "")),
}  # fmt: skip
DRIFT: Final = ((0, MET, ""), (35, LACKS, "was good until"), (90, LACKS, "could not tell"),
                (91, LACKS, "Monitoring found drift"), (95, MET, ""),
                (126, LACKS, "was good until"))  # fmt: skip
"""The part of AIA-72 that reads the drift check: good for five weeks, and a finding waits for its assessment."""

EDGES: Final[dict[float, str]] = {
    120.75: "GDPR-28", 130.0: "GDPR-17", 150.75: "RMF-MANAGE-1", BINDS - 0.25: "AIA-73", 200.75: "ISO-A.2.4",
    203.0: "GDPR-33", 220.75: "AIA-4", 250.75: "AIA-25(4)",
}  # fmt: skip
"""Moments, in days from the beginning, about which a duty turns by itself: nobody did anything."""

ALERTS: Final[dict[str, list[tuple[float, str]]]] = {
    # what it is about, and its alert in the morning and evening of each day, when that changes
    "risk": [(121.0, "medium"), (151.0, "high"), (155.0, "none"), (353.0, "medium")],  # decision; then its review
    "vendor": [(91.0, "medium"), (121.0, "high"), (130.0, "none"), (221.0, "medium"), (251.0, "high"), (260.0, "none")],
    "policy": [(171.0, "medium"), (201.0, "high"), (203.0, "none")],
    "training": [(191.0, "medium"), (221.0, "high"), (225.0, "none")],
    "access": [(63.5, "medium"), (66.0, "none")],
    "erasure": [(122.5, "medium"), (130.0, "high"), (133.0, "none")],
    "incident": [(202.5, "critical"), (206.0, "none"), (211.5, "high"), (212.0, "none")],
}


@pytest.fixture
def year(wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch) -> Year:
    rita = {"cognito:username": "rita", "email": "rita@example.org", "cognito:groups": "risk_owner"}
    monkeypatch.setitem(PEOPLE, "risk_owner", rita)
    return Year(wire("governed"), [*TABLE, "AIA-72"])


def expected(rows: tuple[tuple[int, State, str], ...], day: float) -> tuple[State, str]:
    return [(state, words) for since, state, words in rows if since <= day][-1]


def stands(year: Year, requirement_id: str, at: float, *, before: bool) -> None:
    """That a duty stands as before a moment at which it turns by itself, or as after it."""
    rows, moment = TABLE[requirement_id], round(at, 3)
    then, _ = expected(rows, moment - 0.5)
    after = next(state for since, state, _ in rows if since > moment - 0.5 and state is not then)
    year.at(at)
    watch_registers(year.world)
    found = year.states()[requirement_id].state
    assert found is (then if before else after), f"{requirement_id} at {year.world.now()}: {found}"


def test_a_year_of_a_high_risk_credit_model(year: Year) -> None:
    year.at(0)
    known = begun(year)
    story = Story(year, known).days()
    turns = {since for rows in TABLE.values() for since, _, _ in rows}
    wrong: list[str] = []
    for day in range(DAYS):
        year.at(day)
        if day in story:
            story[day]()
        year.passes(whole=day % 60 == 0 or day in turns)
        found = year.states()
        monitoring = next(one for one in found["AIA-72"].parts if one.title == "Monitoring ran and gave an answer")
        judged = [(name, found[name], rows) for name, rows in TABLE.items()] + [("drift", monitoring, DRIFT)]
        for name, one, rows in judged:
            state, words = expected(rows, day)
            if one.state is not state or words not in one.reason:
                wrong.append(f"day {day} ({year.date(day)}) {name}: {one.state}, not {state}: {one.reason}")
        if day in EDGES:
            stands(year, EDGES[day], day + SECOND, before=False)
        year.look(day)
        for moment, requirement_id in EDGES.items():
            if day < moment <= day + 1:
                stands(year, requirement_id, moment - SECOND, before=True)
            if day < moment < day + 1:
                stands(year, requirement_id, moment + SECOND, before=False)
    assert wrong == []
    raised = {about.partition("-")[2]: seen for about, seen in year.raised.items()}
    assert {name: raised[known[name]] for name in ALERTS} == ALERTS

    the_file_tells_it(year, package(year, person="auditor"), known)
    year.at(366)
    year.daily()
    assert {one.state for name, one in year.states().items() if name != "AIA-72"} <= {LAPSED, NOT_MET, LACKS, MET}
    assert year.states()["AIA-4"].state is LAPSED


def the_file_tells_it(year: Year, data: bytes, known: dict[str, str]) -> None:
    """What the regulator gets: what is met, what is not, why, by when and who, and the registers it rests on."""
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        folder = f"models/{MODEL}"
        told = files.read(f"{folder}/what-is-owed.md").decode()
        entries = {
            name: json.loads(files.read(f"{folder}/registers/{name}.json"))
            for name in ("incidents", "risks", "vendors", "requests", "conformity", "modifications")
        }
        statuses = json.loads(files.read(f"{folder}/statuses/gdpr.json"))
    owed, later = told.split("## Owed")[1].split("## Not in force yet")
    erasure = next(line for line in owed.splitlines() if line.startswith("| GDPR-17 "))
    assert "answered late within a year" in erasure
    assert "One month from the request" in erasure
    assert "olga@example.org" in erasure
    assert "| GDPR-33 |" in later.split("## Met")[1]
    assert "version 2, owner olga@example.org" in told
    assert "| requests | 0 | 0 | 2 |" in told
    assert f"risk {known['risk']} | Refuses the old | accepted" in later
    assert {one["requirement_id"]: one["state"] for one in statuses["requirements"]}["GDPR-17"] == "not_met"
    (incident,) = entries["incidents"]
    assert [one["recipient"] for one in incident["reports"]] == [
        "data_protection_authority", "market_surveillance_authority",
    ]  # fmt: skip
    assert len(entries["vendors"][0]["agreements"]) == 4
    assert [one["state"] for one in entries["modifications"]] == ["substantial"]
    assert sorted(one["version"] for one in entries["conformity"]) == ["1", "2"]
    assert len(entries["requests"]) == 2
