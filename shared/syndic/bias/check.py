"""Checking a window: judge what was counted for each outcome, keep once, tell the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from syndic.batch_jobs import judged_model
from syndic.bias.count_window import BiasCounter, Counted, decided, hashes, side_files
from syndic.bias.counting.tally import Tally, make_plan
from syndic.bias.counting.tensor import CountTensor
from syndic.bias.keys import report_id, report_key
from syndic.bias.models import BiasReport, Verdict
from syndic.bias.policy.model import BiasPolicy
from syndic.bias.report.build import Identity, make_report
from syndic.bias.report.keep import keep
from syndic.canonical import sha256_of
from syndic.checks.counting.counter import WindowCounts
from syndic.checks.counting.window_files import WindowFiles, printed
from syndic.models import CheckRequested, RegisteredModel, TimeWindow, to_json
from syndic.policy import rules_of
from syndic.ports import Archive, AuditTrail, CaptureReader, EventBus, Store


def check_bias(
    request: CheckRequested,
    *,
    store: Store,
    captures: CaptureReader,
    archive: Archive,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
    counts: WindowCounts,
) -> tuple[BiasReport, ...]:
    """Examine a window's fairness, one report for each outcome of the policy, keep them and tell the others.

    The same inputs (captured objects, labels, side files, policy) give the stored reports and change nothing. `counts`
    are those of the window: kept, or read when they are asked for. Raises `NotFoundError` for an
    unknown model, `UnavailableError` when captures or records cannot be read, `StaleCountsError` when the counts are of
    another policy.
    """
    del archive  # every check takes the same collaborators; this one keeps nothing there
    model, policy = decided(judged_model(store, request.model_id, request.window), store=store)
    files = side_files(policy, captures)
    digest = _inputs_hash(model, policy, counts.files, files)
    read = store.get_many([report_key(model.id, outcome, request.window) for outcome in policy.outcomes])
    present = [BiasReport.model_validate(record.body) for record in read.values()]
    known = tuple(report for report in present if report.inputs_sha256 == digest)
    if len(known) == len(policy.outcomes) and not request.force:
        return keep(known, model, request.window, store=store, bus=bus, audit=audit, stored=True)
    counted = _counted(model, policy, counts, files)
    reports = tuple(
        _report(counted, model, policy, (outcome, request.window, digest), now) for outcome in policy.outcomes
    )
    return keep(reports, model, request.window, store=store, bus=bus, audit=audit, force=request.force, read=read)


def _counted(
    model: RegisteredModel, policy: BiasPolicy, counts: WindowCounts, files: Mapping[str, bytes | None]
) -> Counted:
    """The counts of a window, or why there are none."""
    plan = make_plan(policy, model.capture_schema)
    empty = Tally(CountTensor.empty(plan.axes))
    if model.endpoint is None or model.endpoint.capture is None:
        return Counted(empty, plan, {}, "the model's traffic is not captured")
    if model.capture_schema is None:
        return Counted(empty, plan, {}, "the columns of the model's traffic are not described (capture schema)")
    counter = BiasCounter(model.capture_schema, policy, files)
    counts.fill(counter)
    return counter.counted


def _inputs_hash(
    model: RegisteredModel, policy: BiasPolicy, files: WindowFiles, sides: Mapping[str, bytes | None]
) -> str:
    """The hash of all that a report depends on: same hash, same report."""
    return sha256_of(
        {
            "objects": printed((*files.objects, *files.labels)),
            "policy": rules_of(policy),
            "schema": None if model.capture_schema is None else to_json(model.capture_schema),
            "sides": hashes(sides),
        }
    )


def _report(
    counted: Counted, model: RegisteredModel, policy: BiasPolicy, key: tuple[str, TimeWindow, str], now: datetime
) -> BiasReport:
    outcome, window, digest = key
    identity = Identity(
        report_id=report_id(model.id, outcome, window),
        inputs_sha256=digest,
        checked_at=now,
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        window=window,
    )
    report = make_report(counted.tally, counted.plan, policy, outcome, identity, details=counted.details)
    if counted.obstacle is None or not policy.protected_attributes:
        return report
    return report.model_copy(
        update={"verdict": Verdict.NOT_ASSESSABLE, "reason": f"fairness not assessable: {counted.obstacle}"}
    )
