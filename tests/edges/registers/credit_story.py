"""What happens to a credit scoring model in a year, on which day, through the API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from syndic.alerting.models import AlertState
from syndic.models import to_json
from syndic.ports import Record
from syndic.registry.keys import stages_key
from syndic.registry.models import Stage, StageChange, Stages
from syndic.reports.evidence.verify import read_package
from tests.edges.registers.inventoried import AGREEMENT, CREDIT, PURPOSE, WORDS, whole_checks
from tests.edges.registers.registering import INCIDENT, LEVELS, OLGA
from tests.edges.registers.year import FIRST, Year

LATE: Final = "Nobody was on duty over the holidays."
GDPR_TERMS: Final = [
    "subject_matter", "instructions", "confidentiality", "security", "sub_processors", "rights_of_persons",
    "help_with_duties", "deletion_or_return", "audits",
]  # fmt: skip


def begun(year: Year) -> dict[str, str]:
    """The first day: the questionnaires are answered, the registers filled, and what is owed is signed."""
    ask = year.ask
    year.place.serve("1")
    ask("POST", f"/models/{year.model}/versions", {"version": "1"})
    year.place.was_promoted("1")
    ask("PATCH", f"/models/{year.model}", {"intended_purpose": PURPOSE})
    answers = {**CREDIT, "third_party_supplies": True}
    ask("PUT", f"/models/{year.model}/classifications/ai_act", {"answers": answers})
    processing = {"personal_data": True, "basis": "contract", "processors": True}
    ask("PUT", f"/models/{year.model}/classifications/processing", {"answers": processing})

    given = {"title": "Refuses the old", "owner": OLGA, "kind": "fundamental_rights", "origin": "intended_use"}
    more = {"model_ids": [year.model], "review_every_days": 366, "vulnerable": True}
    risk = ask("POST", "/risks", {**given, **more})["id"]
    ask("PUT", f"/risks/{risk}/assessment", {"inherent": LEVELS, "residual": LEVELS})
    accept(year, risk, until=150)

    supplies = {"name": "Parts Ltd", "supplies": ["model"], "model_ids": [year.model], "owner": OLGA}
    vendor = ask("POST", "/vendors", supplies)["entry"]
    ask("PATCH", f"/vendors/{vendor['id']}", {"processes_personal_data": True, "state": "active"})
    agree(year, vendor["id"], "ai_act_25_4", AGREEMENT["settles"], until=250)
    agree(year, vendor["id"], "gdpr_28", GDPR_TERMS, until=120)
    training = train(year, until=220)
    policy = ask("POST", "/policy-documents", {"title": "Use of AI", "owner": OLGA, "review_days": 200})["id"]
    text = {"version": "1", "location": "https://docs.example.org/9", "sha256": "9" * 64}
    ask("PUT", f"/policy-documents/{policy}/text", text)
    assess(year, "1")
    year.place.traffic(1.0)
    year.place.daily()
    year.sign(*year.requirements)
    return {
        "risk": year.follow(f"risk-{risk}"), "vendor": year.follow(f"vendor-{vendor['id']}"),
        "training": training, "policy": year.follow(f"policy_document-{policy}"),
    }  # fmt: skip


def accept(year: Year, risk: str, *, until: int) -> None:
    decision = {"kind": "accept", "role": "compliance officer", "expires": year.date(until)}
    why = {"reason": "Each refusal is looked at by a person."}
    year.ask("POST", f"/risks/{risk}/decision", {**decision, **why}, person="compliance_officer")


def agree(year: Year, vendor: str, kind: str, settles: Sequence[str], *, until: int) -> None:
    now = year.place.now().date().isoformat()
    agreement = {**AGREEMENT, "kind": kind, "title": f"{kind} of {now}", "settles": list(settles), "signed_on": now}
    year.ask("POST", f"/vendors/{vendor}/agreements", {**agreement, "expires_on": year.date(until)})


def train(year: Year, *, until: int) -> str:
    given = {"person": OLGA, "role": "model owner", "subject": "ai_literacy", "title": "Basics of AI"}
    dates = {"completed_on": year.place.now().date().isoformat(), "valid_until": year.date(until)}
    made = year.ask("POST", "/trainings", {**given, **dates}, person="compliance_officer")
    return year.follow(f"training-{made['id']}")


def assess(year: Year, version: str) -> None:
    """A conformity assessment, from its beginning to its conclusion."""
    given = {"version": version, "route": "annex_vi", "route_reasons": WORDS, "checks": whole_checks()}
    file = year.ask("POST", f"/models/{year.model}/conformity", given)["id"]
    year.ask("POST", f"/models/{year.model}/conformity/{file}/conclude", {})


@dataclass
class Story:
    """What happens; `kept` are the ids of what it is about, by its name."""

    year: Year
    kept: dict[str, str]

    def days(self) -> dict[int, Callable[[], object]]:
        """What happens on which day of the year."""
        return {
            40: lambda: self.received("access", "p-17"), 66: lambda: self.answered("access"),
            90: lambda: self.year.place.traffic(3.0),
            91: self.drifted, 95: lambda: self.year.document("drift_assessment"),
            100: lambda: self.received("erasure", "p-18"), 133: lambda: self.answered("erasure", late_because=LATE),
            130: lambda: agree(self.year, self.kept["vendor"], "gdpr_28", GDPR_TERMS, until=700),
            155: lambda: accept(self.year, self.kept["risk"], until=400),
            195: lambda: self.year.sign("RMF-MANAGE-1"),
            200: self.incident, 205: self.assessed,
            206: lambda: self.told("data_protection_authority", late_because=LATE),
            207: lambda: self.year.document("late_report_assessment"),
            203: lambda: self.year.ask("POST", f"/policy-documents/{self.kept['policy']}/review", {}),
            212: lambda: self.told("market_surveillance_authority"),
            225: self.trained_again,
            260: lambda: agree(self.year, self.kept["vendor"], "ai_act_25_4", list(AGREEMENT["settles"]), until=700),
            265: self.second_version, 268: self.decided, 272: self.assessed_again,
            275: lambda: self.year.place.serve("2"),
            277: lambda: self.year.sign("AIA-43", "AIA-25(4)"),
            300: lambda: audited(self.year),
        }  # fmt: skip

    def received(self, right: str, reference: str) -> None:
        given = {
            "right": right,
            "reference": reference,
            "channel": "email",
            "owner": OLGA,
            "model_ids": [self.year.model],
        }
        self.kept[right] = self.year.follow(f"request-{self.year.ask('POST', '/requests', given)['id']}")

    def answered(self, right: str, **more: str) -> None:
        self.year.ask("POST", f"/requests/{self.kept[right]}/identity", {"identity": "confirmed"})
        granted = {"outcome": "granted", **({"recipients_told": True} if right == "erasure" else {})}
        self.year.ask("POST", f"/requests/{self.kept[right]}/answer", {**granted, **more})

    def incident(self) -> None:
        given = {**INCIDENT, "model_ids": [self.year.model]}
        self.kept["incident"] = self.year.follow(f"incident-{self.year.ask('POST', '/incidents', given)['id']}")

    def assessed(self) -> None:
        said = {"serious": True, "harms": ["fundamental_rights"], "personal_data_breach": True, "breach_risk": "risk"}
        self.year.ask("PUT", f"/incidents/{self.kept['incident']}/assessment", said)

    def told(self, recipient: str, **more: str) -> None:
        sent = {"recipient": recipient, "sent_at": self.year.place.now().isoformat(), **more}
        self.year.ask("POST", f"/incidents/{self.kept['incident']}/reports", sent)

    def second_version(self) -> None:
        self.year.ask("POST", f"/models/{self.year.model}/versions", {"version": "2"})
        assert gate(self.year)["reason"].startswith("nobody decided whether version 2")
        self.year.ask(
            "POST",
            f"/models/{self.year.model}/versions/2/promote",
            {"stage": "production", "reason": WORDS},
            status=409,
        )

    def decided(self) -> None:
        said = {"version": "2", "affects_compliance": True, "changes_purpose": False, "reasons": WORDS}
        made = self.year.ask("POST", f"/models/{self.year.model}/modifications", said)
        assert made["state"] == "substantial", made
        assert "was not assessed again" in gate(self.year)["reason"]

    def assessed_again(self) -> None:
        assess(self.year, "2")
        assert gate(self.year)["met"]

    def drifted(self) -> None:
        self.year.place.traffic(3.0)
        assert (found := self.year.alert(self.year.model, "drift")) is not None
        assert found.state is AlertState.OPEN

    def trained_again(self) -> None:
        train(self.year, until=500)
        self.year.ask(
            "POST", f"/trainings/{self.kept['training']}/end", {"reason": "taken again"}, person="compliance_officer"
        )


def gate(year: Year) -> dict[str, Any]:
    """What the gate to production says of the second version as a modification."""
    found = year.ask("GET", f"/models/{year.model}/versions/2/gate")["conditions"]
    return next(one for one in found if one["name"] == "substantial_modification")


def audited(year: Year) -> Any:
    """The internal audit: the trail is whole, and the package that was exported proves what is in it."""
    assert year.ask("GET", "/audit/verify", person="auditor")["intact"]
    data = year.place.package(person="auditor")
    found = read_package(data, where="package.zip")
    assert found.problems == ()
    assert found.trail
    return data


def in_production(model: str, version: str) -> Record:
    """That a version reached production before the year began, as its registry had it."""
    change = {"source": Stage.STAGING, "target": Stage.PRODUCTION, "at": FIRST, "by": "setup", "reason": "first"}
    stages = Stages(model_id=model, history=(StageChange.model_validate({"version": version, **change}),))
    return Record(stages_key(model), to_json(stages))
