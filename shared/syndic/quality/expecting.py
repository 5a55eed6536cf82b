"""What a window is expected to show before its labels come, and what it adds to the reference when they have."""

from __future__ import annotations

from syndic.changes import Change, commit
from syndic.models import RegisteredModel
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.quality.keys import reference_key
from syndic.quality.models import QualityReport
from syndic.quality.performance.expected import expect_classes
from syndic.quality.performance.scored import Scored, read_reference, with_window
from syndic.records import retried


def with_expected(
    report: QualityReport, model: RegisteredModel, scored: Scored, *, store: Store, audit: AuditTrail
) -> QualityReport:
    """The report with the performance that other windows, whose labels have come, let expect of this one.

    A window with enough labels becomes a part of the reference. That is kept at once: it is a count of the window, the
    same whenever it is made, and no one is told of it.
    """
    if not scored.usable or not scored.counts:
        return report
    version = model.endpoint.serving if model.endpoint is not None else "none"
    key = reference_key(model.id)

    def step() -> QualityReport:
        record = store.get(key)
        known = read_reference(None if record is None else record.body, version)
        performance = report.performance
        positive = performance.positive if performance is not None else None
        table = None if positive is None else scored.labelled(positive, performance)
        enough = table is not None and int(table.sum()) >= report.policy.min_labels
        if table is not None and positive is not None and enough:
            grown = with_window(known, report.window, table, positive, version)
            body = grown.to_json()
            if record is None or record.body != body:
                write = Write(Record(key, body), ABSENT if record is None else record.etag)
                commit(Change((write,), report.checked_at), store=store, audit=audit)
            known = grown
        if known is None:
            return report
        expected = expect_classes(
            known.without(report.window), scored.called(known.positive), report.policy, labelled=table
        )
        return report.model_copy(update={"expected": expected})

    return retried(step, what=f"the reference of {model.id}")
