"""Gathering what is on record into the content of a report.

Reports meet the other concerns in their records. Drift and fairness reports are read for the few fields that are
shown; what is not there is left out, never invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from pydantic import ValidationError

from syndic.assessment import ORGANISATION, Attestation, Deadline, FrameworkStatus, Remediation, State
from syndic.checks.history.older import OLDER, Stood, older_periods, read_standing, stands_aside
from syndic.checks.history.summary import PeriodSummary
from syndic.errors import NotFoundError
from syndic.models import Evidence, RegisteredModel, Severity, TimeWindow
from syndic.ports import Store
from syndic.records import get_model, iterate, list_evidence, list_models, list_statuses
from syndic.reports.models import (
    FOUND,
    MAX_MODELS,
    Checkpoint,
    DriftPoint,
    GroupRatio,
    ModelSection,
    ReportContent,
    ReportKind,
    ReportRequest,
)

TREND_WINDOWS: Final = 60
DEADLINES: Final = timedelta(days=400)
TITLES: Final = {
    ReportKind.COMPLIANCE: "Compliance report",
    ReportKind.ANNEX_IV: "Technical documentation (Annex IV), draft",
    ReportKind.EU_DECLARATION: "EU declaration of conformity, draft",
    ReportKind.FRIA: "Fundamental rights impact assessment, draft",
    ReportKind.DPIA: "Data protection impact assessment, draft",
}


def collect(
    request: ReportRequest, *, store: Store, progress: Callable[[float, str], None] = lambda _share, _step: None
) -> ReportContent:
    """Read everything a report shows. Raises `NotFoundError` when nothing that was asked for is on record."""
    models = _models(request, store)
    sections: list[ModelSection] = []
    for number, model in enumerate(models):
        progress(number / len(models), f"reading {model.name}")
        sections.append(_section(model, request, store))
    if request.kind is ReportKind.COMPLIANCE and not any(section.statuses for section in sections):
        wanted = ", ".join(request.frameworks) or "any framework"
        raise NotFoundError(f"no model in this report was evaluated by {wanted} yet")
    organisation = tuple(list_evidence(store, ORGANISATION))
    as_of = _as_of(sections, organisation)
    sections = [_with_deadlines(section, as_of) for section in sections]
    return ReportContent(
        title=TITLES[request.kind],
        request=request,
        as_of=as_of,
        sections=tuple(sections),
        organisation=organisation,
        checkpoint=_checkpoint(store, as_of),
    )


def _models(request: ReportRequest, store: Store) -> list[RegisteredModel]:
    if request.model_ids:
        return [get_model(store, model_id) for model_id in sorted(set(request.model_ids))]
    found: list[RegisteredModel] = []
    for model in list_models(store):
        found.append(model)
        if len(found) > MAX_MODELS:
            raise NotFoundError(f"a report covers at most {MAX_MODELS} models; name them in model_ids")
    if not found:
        raise NotFoundError("no model is registered")
    return found


def _section(model: RegisteredModel, request: ReportRequest, store: Store) -> ModelSection:
    statuses = tuple(
        status
        for status in list_statuses(store, model.id)
        if not request.frameworks or status.framework_id in request.frameworks
    )
    evidence = tuple(list_evidence(store, model.id))
    fairness, limit, window = _fairness(model.id, evidence, store)
    drift = tuple(_in_period(_drift(model.id, store), request))
    return ModelSection(
        model=model,
        statuses=statuses,
        evidence=evidence,
        attestations=tuple(_attestations(model.id, store)),
        remediations=tuple(
            item
            for record in iterate(store, f"remediation.{model.id}")
            if (item := Remediation.model_validate(record.body)).framework_id in {it.framework_id for it in statuses}
        ),
        drift=drift[-TREND_WINDOWS:],
        drift_threshold=_threshold(model.id, store),
        fairness=fairness,
        fairness_threshold=limit,
        fairness_window=window,
    )


def _attestations(model_id: str, store: Store) -> Iterator[Attestation]:
    for partition in (model_id, ORGANISATION):
        for record in iterate(store, f"attestations.{partition}"):
            yield Attestation.model_validate(record.body)


def _as_of(sections: Iterable[ModelSection], organisation: Iterable[Evidence]) -> datetime:
    """The time of the newest thing in the report, so that the same content is the same file."""
    moments = [item.produced_at for item in organisation]
    for section in sections:
        moments += [status.evaluated_at for status in section.statuses]
        moments += [item.produced_at for item in section.evidence]
        moments += [item.withdrawn_at or item.signed_at for item in section.attestations]
        moments += [item.closed_at or item.opened_at for item in section.remediations]
        moments.append(section.model.registered_at)
    return max(moments)


def _with_deadlines(section: ModelSection, as_of: datetime) -> ModelSection:
    return section.model_copy(update={"deadlines": tuple(_deadlines(section.statuses, as_of))})


def _deadlines(statuses: Iterable[FrameworkStatus], as_of: datetime) -> list[Deadline]:
    found = [
        Deadline(
            framework_id=status.framework_id,
            requirement_id=item.requirement_id,
            title=item.title,
            on=datetime.combine(item.applies_from, time.min, UTC),
            kind="applies",
            what=f"applies; ready: {item.if_in_force.word}",
        )
        for status in statuses
        for item in status.requirements
        if item.state is State.NOT_YET_IN_FORCE and item.applies_from is not None
    ]
    near = (item for item in found if item.on <= as_of + DEADLINES)
    return sorted(near, key=lambda item: (item.on, item.framework_id, item.requirement_id))


def _checkpoint(store: Store, as_of: datetime) -> Checkpoint | None:
    for record in iterate(store, "audit", prefix="entry.", descending=True):
        at = datetime.fromisoformat(str(record.body["entry"]["at"]))
        if at <= as_of:
            return Checkpoint(index=record.body["index"], hash=record.body["hash"], at=at)
    return None


def _drift(model_id: str, store: Store) -> Iterator[DriftPoint]:
    """The trend, oldest first: months and days where windows are gone, then windows."""
    stood = read_standing(store, model_id).streams.get("drift", Stood())
    yield from _summed_drift(model_id, stood, store)
    for record in iterate(store, f"drift.{model_id}", prefix="point."):
        if stands_aside(record, stood):
            continue
        point = record.body.get("point", {})
        known = {name: point.get(name) for name in DriftPoint.model_fields}
        known["psi"] = {name: column.get("psi") for name, column in sorted(point.get("columns", {}).items())}
        known["harm"] = (point.get("impact") or {}).get("harm")
        try:
            yield DriftPoint.model_validate(known)
        except ValidationError:
            continue  # an older form of the record: the trend shows what can be read


def _summed_drift(model_id: str, stood: Stood, store: Store) -> Iterator[DriftPoint]:
    token: str | None = OLDER
    newest_first: list[DriftPoint] = []
    while token is not None:
        older, token = older_periods(model_id, "drift", stood, store=store, limit=1000, token=token)
        newest_first += [_summed_point(period) for period in reversed(older.periods)]
    yield from reversed(newest_first)


def _summed_point(period: PeriodSummary) -> DriftPoint:
    """A day or month beside windows: the mean of each column's PSI, and in how many windows anything drifted."""
    measured = {name: one.measures.get("psi") for name, one in sorted(period.series.items())}
    return DriftPoint(
        window=period.period,
        verdict=f"drift in {period.verdicts.get('drift', 0)} of {period.windows} windows",
        severity=(period.severity or Severity.NONE).value,
        rows=period.rows,
        psi={name: None if psi is None else psi.mean for name, psi in measured.items()},
    )


def _in_period(points: Iterable[DriftPoint], request: ReportRequest) -> Iterator[DriftPoint]:
    for point in points:
        if request.start_date and point.window.end.date() <= request.start_date:
            continue
        if request.end_date and point.window.start.date() > request.end_date:
            continue
        yield point


def _threshold(model_id: str, store: Store) -> float | None:
    page = store.query(f"drift.{model_id}", end="p", descending=True, limit=1)
    policy: Mapping[str, Any] = page.records[0].body.get("policy", {}) if page.records else {}
    return _limit(policy.get("psi_threshold"))


def _limit(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _ratio_threshold(report: Mapping[str, Any]) -> float | None:
    """The threshold of disparate impact in the policy that a fairness report was judged by, where it judges that."""
    rules = report.get("policy", {}).get("fairness_metrics", ())
    return next(
        (_limit(rule.get("threshold")) for rule in rules if rule.get("metric") == RATIO and rule.get("enabled", True)),
        None,
    )


def _fairness(
    model_id: str, evidence: Iterable[Evidence], store: Store
) -> tuple[tuple[GroupRatio, ...], float | None, TimeWindow | None]:
    """Group ratios of the window that the newest evidence is about, and the threshold they were judged by."""
    run = next((item for item in evidence if item.kind == "bias.run"), None)
    if run is None or run.window is None:
        return (), None, None
    found: list[GroupRatio] = []
    limits: list[float] = []
    for record in iterate(store, f"bias.{model_id}"):
        if record.key.sort.endswith(f".{run.window.key}") and "attributes" in record.body:
            found += _ratios(record.body)
            limits += [limit for limit in (_ratio_threshold(record.body),) if limit is not None]
    return tuple(sorted(found, key=_precedence)), max(limits, default=None), run.window


RATIO: Final = "disparate_impact"
ON_RECORD: Final = "label"


def _precedence(ratio: GroupRatio) -> tuple[bool, str, int, float, bool, str, str]:
    """What the model does before what is on record; of each outcome what was found, the gravest first."""
    place = FOUND.index(ratio.verdict) if ratio.verdict in FOUND else len(FOUND)
    gravest = 0.0 if ratio.value is None else min(ratio.value, 1 / ratio.value) if ratio.value > 0 else 0.0
    by_gravity = gravest if place < len(FOUND) else 0.0
    crossed = " & " in ratio.attribute
    return (ratio.outcome == ON_RECORD, ratio.outcome, place, by_gravity, crossed, ratio.attribute, ratio.group)


def _ratios(report: Mapping[str, Any]) -> Iterator[GroupRatio]:
    """The groups of each attribute, and those of combinations that are a finding."""
    parts = {**report["attributes"], **report.get("intersections", {})}
    for attribute, judged in sorted(parts.items()):
        for group, counts in sorted(judged["groups"].items()):
            ratio = counts.get("disparate_impact") or {}
            if counts.get("is_reference"):
                continue
            if attribute not in report["attributes"] and counts["verdict"] not in FOUND:
                continue
            yield GroupRatio(
                outcome=str(report.get("outcome", "")),
                attribute=attribute,
                group=group,
                reference=judged.get("reference"),
                n=counts.get("n"),
                value=ratio.get("value"),
                low=ratio.get("low"),
                high=ratio.get("high"),
                verdict=counts["verdict"],
                reason=ratio.get("reason") or counts["reason"],
            )
