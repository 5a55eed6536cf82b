"""The file of Art. 9 of the AI Act on one model: its risks by the steps of the article, and what is missing. Pure.

The parts follow Art. 9(2)(a)-(d), (5), (6)-(8) and (9). Likelihood and impact stand side by side; nothing is summed up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from pydantic import Field

from syndic.models import Evidence, Moment, Noun
from syndic.registers.markdown import plain, table
from syndic.registers.risks.models import Risk, RiskControl, RiskLevels, RiskOrigin, RiskState

TITLES: Final[dict[RiskOrigin, str]] = {
    RiskOrigin.INTENDED_USE: "Known and foreseeable risks of the intended use, Art. 9(2)(a)",
    RiskOrigin.FORESEEABLE_MISUSE: "Risks of foreseeable misuse, Art. 9(2)(b)",
    RiskOrigin.MONITORING: "Risks that monitoring found, Art. 9(2)(c)",
}
VULNERABLE: Final = {None: "not looked at", True: "concerned", False: "looked at, not concerned"}


class RiskTest(Noun):
    """Evidence by which a risk is watched, as it is now. `status` None: there is none."""

    risk_id: str
    kind: str
    status: str | None
    produced_at: Moment | None = None
    summary: str = ""


class RiskFile(Noun):
    """The risk management file of a model."""

    model_id: str
    model_name: str
    version: str | None
    made_at: Moment
    risks: tuple[Risk, ...]
    tests: tuple[RiskTest, ...]
    gaps: tuple[str, ...] = Field(description="what the article asks for and the register does not hold, or holds late")
    notice: str = (
        "Made from the risk register. Whether the risks named are all there are, and the controls enough, people judge."
    )


def file_of(
    model_id: str, risks: Sequence[Risk], evidence: Mapping[str, Evidence], *, name: str, version: str | None,
    now: datetime,
) -> RiskFile:  # fmt: skip
    """The file of a model from its risks, open and closed, and its newest evidence by kind."""
    tests = tuple(_test(risk, kind, evidence.get(kind)) for risk in risks for kind in risk.tests)
    return RiskFile(
        model_id=model_id, model_name=name, version=version, made_at=now, risks=tuple(risks), tests=tests,
        gaps=tuple(_gaps(risks, tests, now)),
    )  # fmt: skip


def as_markdown(file: RiskFile) -> str:
    """The file as a page of Markdown."""
    still = [one for one in file.risks if one.state is not RiskState.CLOSED]
    version = plain(file.version or "not known")
    counts = f"{len(still)} risks open, {len(file.risks) - len(still)} closed"
    parts = [
        f"# Risk management file: {plain(file.model_name)}",
        f"Model `{file.model_id}`, version {version}, {file.made_at:%Y-%m-%d %H:%M} UTC. {counts}.",
        "## What is missing or late",
        "\n".join(f"- {plain(one)}" for one in file.gaps) or "Nothing that the register can tell.",
    ]
    for origin, title in TITLES.items():
        found = [_risk(one, file.tests) for one in file.risks if one.origin is origin]
        parts += [f"## {title}", *(found or ["None recorded."])]
    return "\n\n".join([*parts, file.notice + "\n"])


def _risk(risk: Risk, tests: Sequence[RiskTest]) -> str:
    rows = [
        ("Kind, state, owner", f"{_word(risk.kind)}, {_word(risk.state)}, {risk.owner}"),
        ("What and how", risk.description or "not described"),
        ("Whom it meets", risk.affected or "not described"),
        ("Under 18 and vulnerable groups, Art. 9(9)", VULNERABLE[risk.vulnerable]),
        ("Without controls", _levels(risk.inherent)),
        ("Residual, Art. 9(5)", _levels(risk.residual)),
        ("Decision on the residual risk", _decision(risk)),
        ("Reviewed", _review(risk)),
        ("Alerts and incidents", ", ".join([*risk.alert_ids, *risk.incident_ids]) or "none"),
    ]
    parts = [f"### {plain(risk.title)} ({risk.id})", table(("", ""), rows)]
    if risk.controls:
        head = ("Measure, Art. 9(2)(d), 9(5)", "Kind", "Owner", "Due", "State")
        cells = ([one.title, _word(one.kind), one.owner, str(one.due), _control(one)] for one in risk.controls)
        parts.append(table(head, cells))
    own = [one for one in tests if one.risk_id == risk.id]
    if own:
        rows_of_tests = ([one.kind, one.status or "none on record", _day(one.produced_at), one.summary] for one in own)
        parts.append(table(("Test, Art. 9(6)-(8)", "Result", "Of", "What it says"), rows_of_tests))
    return "\n\n".join(parts)


def _gaps(risks: Sequence[Risk], tests: Sequence[RiskTest], now: datetime) -> Iterator[str]:
    for origin, title in TITLES.items():
        if origin is not RiskOrigin.MONITORING and not any(one.origin is origin for one in risks):
            yield f"{title}: none is on record; say so in a risk that was closed, or record them"
    for risk in risks:
        if risk.closed_at is None:
            yield from (f"{risk.title} ({risk.id}): {gap}" for gap in _gaps_of(risk, now.date()))
    for test in tests:
        if test.status != "passing":
            yield f"test {test.kind} of risk {test.risk_id}: {test.status or 'no evidence is on record'}"


def _gaps_of(risk: Risk, today: date) -> Iterator[str]:
    decision, review = risk.decision, risk.review_due
    found = (
        (risk.state is RiskState.IDENTIFIED, "likelihood, impact or what is left is not assessed"),
        (risk.state is RiskState.ASSESSED, "nobody decided on the residual risk"),
        (decision is not None and decision.expires < today, f"the decision ran out on {decision and decision.expires}"),
        (review is not None and review < today, f"the review was due on {review}"),
        (risk.vulnerable is None, "persons under 18 and vulnerable groups were not looked at"),
        (not risk.tests, "no test watches it"),
    )
    yield from (said for holds, said in found if holds)
    for control in risk.controls:
        if control.is_open and control.due < today:
            yield f"the measure {control.title!r} was due on {control.due.isoformat()}"


def _test(risk: Risk, kind: str, evidence: Evidence | None) -> RiskTest:
    if evidence is None:
        return RiskTest(risk_id=risk.id, kind=kind, status=None)
    return RiskTest(
        risk_id=risk.id, kind=kind, status=evidence.status.value, produced_at=evidence.produced_at,
        summary=evidence.summary,
    )  # fmt: skip


def _levels(levels: RiskLevels | None) -> str:
    if levels is None:
        return "not assessed"
    return f"{_word(levels.rating)}: {_word(levels.likelihood)}, {_word(levels.impact)}. {levels.reason}"


def _decision(risk: Risk) -> str:
    made = risk.decision
    if made is None:
        return "none"
    return f"{_word(made.kind)} by {made.by} as {made.role} on {_day(made.at)}, until {made.expires}: {made.reason}"


def _review(risk: Risk) -> str:
    last = "never" if risk.last_review is None else f"{_day(risk.last_review.at)} by {risk.last_review.by}"
    return f"{last}; due {risk.review_due.isoformat() if risk.review_due else 'on no day'}"


def _control(control: RiskControl) -> str:
    if control.dropped_because:
        return f"given up: {control.dropped_because}"
    return f"in place since {_day(control.done_at)}" if control.done_at else "planned"


def _day(at: datetime | None) -> str:
    return "-" if at is None else f"{at:%Y-%m-%d}"


def _word(value: str) -> str:
    return value.replace("_", " ")
