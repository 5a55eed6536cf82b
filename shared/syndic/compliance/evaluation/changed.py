"""What one evaluation changes: the records to write, and what is to be told of them."""

from __future__ import annotations

from datetime import datetime

from syndic.assessment import FrameworkStatus
from syndic.changes import Telling
from syndic.compliance.evaluation.findings import blocks, entry_of, finding_of, over, why_gone
from syndic.compliance.evaluation.queries import HistoryEntry
from syndic.compliance.evaluation.statuses import Stored, ended_record, status_record
from syndic.compliance.keys import history_key
from syndic.models import AuditEntry, Finding, to_json
from syndic.ports import ABSENT, Record, Write


class Changed:
    """What one evaluation changes, and what is to be told of it."""

    def __init__(self) -> None:
        self.writes: list[Write] = []
        self.entries: list[AuditEntry] = []
        self.findings: list[Finding] = []
        self.untold = Telling()

    def add(self, status: FrameworkStatus, before: Stored | None, now: datetime) -> None:
        """Take a status that is not as it was."""
        earlier = {item.requirement_id: item for item in before.status.requirements} if before else {}
        later = {item.requirement_id: item for item in status.requirements}
        changes = {
            name: (earlier[name].state if name in earlier else None, later[name].state if name in later else None)
            for name in sorted(earlier | later)
        }
        changes = {name: pair for name, pair in changes.items() if pair[0] is not pair[1]}
        findings = [finding for item in status.requirements if (finding := finding_of(status, item, earlier, now))]
        gone = (item for name, item in earlier.items() if name not in later)
        findings += [over(status, item, why_gone(status), now) for item in gone if blocks(item)]
        self.findings += findings
        self.writes.append(Write(status_record(status), expect=before.etag if before else ABSENT))
        if before is not None:
            self.untold = self.untold.joined(before.untold)
        if changes or findings:
            told = {name: [state and state.value for state in pair] for name, pair in changes.items()}
            self.entries.append(entry_of(status, told))
        if changes:
            entry = HistoryEntry(
                framework_id=status.framework_id,
                at=now,
                counts=status.counts,
                changes=changes,
                inputs_sha256=status.inputs_sha256,
            )
            self.writes.append(Write(Record(history_key(status.model_id, status.framework_id, now), to_json(entry))))

    def end(self, before: Stored, now: datetime) -> None:
        """Take the status of a framework that judges nobody any more: its record goes, its history stays."""
        why = "the framework judges no model any more"
        status = before.status.model_copy(update={"evaluated_at": now, "requirements": ()})
        gone = {item.requirement_id: (item.state, None) for item in before.status.requirements}
        findings = [over(status, item, why, now) for item in before.status.requirements if blocks(item)]
        self.findings += findings
        self.writes.append(Write(ended_record(status), expect=before.etag))
        self.untold = self.untold.joined(before.untold)
        told = {name: [state.value, None] for name, (state, _) in gone.items()}
        self.entries.append(entry_of(status, told))
        if gone:
            entry = HistoryEntry(
                framework_id=status.framework_id, at=now, counts=status.counts, changes=gone,
                inputs_sha256=status.inputs_sha256,
            )  # fmt: skip
            self.writes.append(Write(Record(history_key(status.model_id, status.framework_id, now), to_json(entry))))
