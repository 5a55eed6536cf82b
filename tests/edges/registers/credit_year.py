"""What is owed of a credit scoring model on which day of a year, and its play: the same wherever it is played."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from typing import Final

from syndic.assessment import RequirementState, State
from tests.edges.registers.credit_story import Story, begun
from tests.edges.registers.year import SECOND, Year

DAYS: Final = 364  # until the signatures of the first day end
BINDS: Final = 184  # 2 December 2027: the duties of high-risk systems of Annex III apply
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
    "RMF-MANAGE-1": ((0, MET, ""), (91, LACKS, "nobody assessed"), (95, MET, ""),
                     (151, LACKS, "has run out"), (155, MET, ""), (190, LAPSED, "was good until"),
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

SAME_HOUR: Final = {126: "drift", 130: "GDPR-17", 203: "GDPR-33"}
"""What turns on which day at the very hour at which the day is looked at: before it or after, by seconds."""

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
STORY_DAYS: Final = frozenset({40, 66, 90, 91, 95, 100, 130, 133, 155, 195, 200, 203, 205, 206, 207, 212, 225, 260, 265,
                               268, 272, 275, 277, 300})  # fmt: skip


def expected(rows: tuple[tuple[int, State, str], ...], day: float) -> tuple[State, str]:
    return [(state, words) for since, state, words in rows if since <= day][-1]


def key_days(around: int = 1) -> list[int]:
    """The days on which anything turns, is done or is told, and so many before and after each."""
    turns = {since for rows in (*TABLE.values(), DRIFT) for since, _, _ in rows}
    told = {int(moment) for rows in ALERTS.values() for moment, _ in rows}
    done = {*turns, *told, *map(int, EDGES), *STORY_DAYS}
    return sorted({day + step for day in done for step in range(-around, around + 1) if 0 <= day + step < DAYS})


def play(year: Year, days: Iterable[int]) -> dict[str, str]:
    """Play these days, hold every duty and alert against the tables; returns the ids of what it is about."""
    year.at(0)
    known = begun(year)
    story = Story(year, known).days()
    assert set(story) == STORY_DAYS
    turns = {since for rows in TABLE.values() for since, _, _ in rows}
    told = {int(moment) for rows in ALERTS.values() for moment, _ in rows} if year.place.lag else set(range(DAYS))
    wrong: list[str] = []
    for day in days:
        year.at(day)
        if day in story:
            story[day]()
        year.passes(whole=day % 60 == 0 or day in turns)
        wrong += differences(year.states(), day, year.date(day))
        if day in EDGES:
            wrong += turned(year, EDGES[day], day + SECOND, before=False)
        if day in told or day + 1 in told:
            year.look(day)
        for moment, requirement_id in EDGES.items():
            if day < moment <= day + 1:
                wrong += turned(year, requirement_id, moment - year.place.margin, before=True)
            if day < moment < day + 1:
                wrong += turned(year, requirement_id, moment + SECOND, before=False)
        assert not wrong, "\n".join(wrong)
    raised = {about.partition("-")[2]: seen for about, seen in year.raised.items()}
    assert {name: raised[known[name]] for name in ALERTS} == ALERTS
    return known


def differences(found: dict[str, RequirementState], day: int, date: str) -> list[str]:
    """What stands otherwise than the tables have it on a day."""
    monitoring = next(one for one in found["AIA-72"].parts if one.title == "Monitoring ran and gave an answer")
    judged = [(name, found[name].state, found[name].reason, rows) for name, rows in TABLE.items()]
    judged.append(("drift", monitoring.state, monitoring.reason, DRIFT))
    wrong = []
    for name, state, reason, rows in judged:
        if SAME_HOUR.get(day) == name:
            continue
        due, words = expected(rows, day)
        if state is not due or words not in reason:
            wrong.append(f"day {day} ({date}) {name}: {state}, not {due}: {reason}")
    return wrong


def turned(year: Year, requirement_id: str, at: float, *, before: bool) -> list[str]:
    """Whether a duty stands as before a moment at which it turns by itself, or as after it."""
    rows, moment = TABLE[requirement_id], round(at, 2)
    then, _ = expected(rows, moment - 0.5)
    due = then if before else next(state for since, state, _ in rows if since > moment - 0.5 and state is not then)
    year.at(at)
    year.place.tell()
    year.place.renew()
    found = year.states()[requirement_id].state
    return [] if found is due else [f"{requirement_id} at {year.place.now()}: {found}, not {due}"]


def the_file_tells_it(year: Year, data: bytes, known: dict[str, str]) -> None:
    """What the regulator gets: what is met, what is not, why, by when and who, and the registers it rests on."""
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        folder = f"models/{year.model}"
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
