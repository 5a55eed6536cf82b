"""What was found, as a short table, and whether it is what the published data must give."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from demo.cloud import LocalCloud
from demo.progress import say
from demo.users import Client
from syndic.models import TimeWindow

START_OF_DRIFT = "2019-04-01"
QUIET_FEATURES = ("debt_to_income_ratio", "size_of_downpayment", "driver_tenure")


@dataclass(frozen=True, slots=True)
class Results:
    """The reports that the API gives after the schedule has run once."""

    credit: str
    loan: str
    decisions: dict[str, Any]
    outcomes: dict[str, Any]
    drift: tuple[dict[str, Any], ...]
    mails: tuple[str, ...]

    @property
    def young_women(self) -> dict[str, Any]:
        """Women up to 25 against men over 25, by the model's own decisions."""
        group: dict[str, Any] = self.decisions["intersections"]["age & sex"]["groups"]["<=25 & female"]
        return group

    @property
    def age(self) -> dict[str, Any]:
        """Applicants up to 25 against older ones, by the outcome on record."""
        group: dict[str, Any] = self.outcomes["attributes"]["age"]["groups"]["<=25"]
        return group


def read_results(cloud: LocalCloud, client: Client, *, credit: str, loan: str) -> Results:
    """Read both models' reports and the inbox."""
    points = client.get(f"/models/{loan}/drift/history?limit=100")["points"]
    keys = [TimeWindow.model_validate(point["window"]).key for point in points]
    reports = [client.get(f"/models/{loan}/drift?window={key}") for key in keys]
    fairness = {report["outcome"]: report for report in client.get(f"/models/{credit}/bias")["reports"]}
    return Results(
        credit=credit,
        loan=loan,
        decisions=fairness["prediction"],
        outcomes=fairness["label"],
        drift=tuple(sorted(reports, key=lambda report: report["window"]["start"])),
        mails=tuple(read_inbox(cloud)),
    )


def read_inbox(cloud: LocalCloud) -> Iterator[str]:
    """Every mail ever sent, subject first. The emulator forgets mails when it ends, so they are kept."""
    inbox = cloud.state / "inbox"
    inbox.mkdir(exist_ok=True)
    for messages in json.loads(cloud.get("/_ministack/ses/messages"))["messages"].values():
        for message in messages:
            text = f"To: {', '.join(message['To'])}\nSubject: {message['Subject']}\n\n{message['BodyText']}"
            name = hashlib.sha256(text.encode()).hexdigest()[:12]
            (inbox / f"{name}.txt").write_text(text, "utf-8")
            (inbox / f"{name}.html").write_text(message["BodyHtml"] or "", "utf-8")
    yield from (path.read_text("utf-8") for path in sorted(inbox.glob("*.txt")))


def differences(results: Results) -> list[str]:
    """What is not as the published data must give; empty when all is."""
    return [*_bias_differences(results), *_drift_differences(results), *_mail_differences(results)]


def _bias_differences(results: Results) -> Iterator[str]:
    lead = results.young_women
    if not 0.71 <= lead["disparate_impact"]["value"] <= 0.73 or lead["verdict"] != "adverse_impact_indicated":
        found = f"{lead['disparate_impact']}, {lead['verdict']}"
        yield f"women <= 25: expected a ratio of 0.719 by the model's decisions and adverse impact, found {found}"
    if not results.decisions["reason"].startswith("age & sex: <=25 & female beside >25 & male: ratio 0.7"):
        yield f"the model's decisions: expected women <= 25 to be told first, found {results.decisions['reason']}"
    ratio = results.age["disparate_impact"]
    if not (0.794 <= ratio["value"] <= 0.796 and 0.69 <= ratio["low"] <= 0.71 and 0.89 <= ratio["high"] <= 0.91):
        yield f"age <= 25: expected a ratio of 0.795 (0.70-0.90), found {ratio}"
    if not 1e-5 <= ratio["p_adjusted"] <= 1e-3:
        yield f"age <= 25: expected p about 1e-4, found {ratio['p_adjusted']}"
    verdict = results.outcomes["attributes"]["age"]["verdict"]
    if verdict != "adverse_impact_indicated":
        yield f"age: expected adverse_impact_indicated, found {verdict}"


def _drift_differences(results: Results) -> Iterator[str]:
    if len(results.drift) != 10:
        yield f"car loan: expected 10 monthly windows, found {len(results.drift)}"
    for report in results.drift:
        month, features = report["window"]["start"][:10], report["features"]
        if month < START_OF_DRIFT:
            drifted = [name for name, feature in features.items() if feature["verdict"] == "drift"]
            high = {name: feature["psi"] for name, feature in features.items() if (feature["psi"] or 0) >= 0.03}
            if drifted or high or report["verdict"] != "no_drift":
                yield f"car loan {month}: expected no drift, found {drifted or high or report['verdict']}"
            continue
        car = features["car_value"]
        if not (car["verdict"] == "drift" and car["severity"] == "critical" and 1.5 <= car["psi"] <= 1.9):
            found = f"{car['psi']}, {car['severity']}"
            yield f"car loan {month}: expected car_value critical with PSI 1.5-1.9, found {found}"
        loud = [name for name in QUIET_FEATURES if features[name]["verdict"] != "no_drift"]
        if loud:
            yield f"car loan {month}: expected {', '.join(loud)} to stay quiet"


def _mail_differences(results: Results) -> Iterator[str]:
    if len(results.mails) != 1:
        yield f"expected one alert mail, found {len(results.mails)}"
    for mail in results.mails[:1]:
        cards = mail.count("To do:")
        if cards != 2:
            yield f"the alert mail has {cards} cards, and there are two troubles"
        if 0 <= mail.find("label: age") < mail.find("prediction: age"):
            yield "the alert mail tells of outcomes on record before the model's own decisions"
        for wanted in ("car-loan", "car_value", "threshold 0.1", "german-credit", "http", "#/models/"):
            if wanted not in mail:
                yield f"the alert mail does not say {wanted!r}"


def show(results: Results) -> None:
    """Print the table of findings."""
    say(f"  {'model':<14} {'what':<34} {'number':<24} verdict")
    say(f"  {'-' * 14} {'-' * 34} {'-' * 24} {'-' * 28}")
    for what, group in (
        ("women <= 25, ratio of approvals", results.young_women),
        ("age <= 25, ratio of good outcomes", results.age),
    ):
        ratio, verdict = group["disparate_impact"], group["verdict"].replace("_", " ")
        interval = f"{ratio['value']:.3f} ({ratio['low']:.2f}-{ratio['high']:.2f})"
        say(f"  {'german-credit':<14} {what:<34} {interval:<24} {verdict}")
    for report in results.drift:
        car = report["features"]["car_value"]
        month = report["window"]["start"][:7]
        number = f"PSI {car['psi']:.3f}"
        answer = f"{car['verdict'].replace('_', ' ')}" + (f", {car['severity']}" if car["severity"] != "none" else "")
        say(f"  {'car-loan':<14} {'car_value in ' + month:<34} {number:<24} {answer}")
