"""Compliance: looks at a model again when its evidence changed, and at all models once a day."""

from __future__ import annotations

from syndic.alerting.response import record_response
from syndic.audit.daily import record_verification
from syndic.compliance.evaluation.evaluate import EvaluationReport, evaluate_all, evaluate_model
from syndic.compliance.people.handling import record_handling
from syndic.discovery.storage import record_storage
from syndic.identity.accounts import record_accounts
from syndic.models import EvidenceChanged
from syndic.registry.overview import keep_overview
from syndic.tasks.clouds import Clouds, InspectedClouds
from syndic.tasks.messages import read_message
from syndic.tasks.sweeping import tell_untold
from syndic.tasks.upgrading import upgrade_records


def take(body: str, clouds: Clouds) -> None:
    """A message of the compliance queue: one change of evidence."""
    change = read_message(body, EvidenceChanged)
    evaluate_model(change.model_id, store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=clouds.now())
    clouds.count("ModelsEvaluated", trigger="evidence")


def evaluate_daily(clouds: InspectedClouds) -> EvaluationReport:
    """Evidence expires and deadlines pass without any event; what the platform itself knows is evidence too.

    That is whether the audit trail verifies, whether alerts were taken up and remediations are done in time, by which
    rules stores keep captured traffic, and who may sign in by what.
    """
    tell_untold(clouds)
    upgrade_records(clouds)
    trail = record_verification(store=clouds.store, archive=clouds.log_archive, now=clouds.now())
    clouds.count("AuditVerified", outcome="intact" if trail.intact else "faulty")
    record_response(store=clouds.store, now=clouds.now())
    record_handling(store=clouds.store, now=clouds.now())
    record_storage(
        store=clouds.store, storage=clouds.storage, own=clouds.own_stores, clouds=clouds.inspects, now=clouds.now()
    )
    if clouds.accounts is not None:
        record_accounts(store=clouds.store, accounts=clouds.accounts, now=clouds.now())
    report = evaluate_all(store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=clouds.now())
    clouds.count("ModelsEvaluated", report.models, trigger="schedule")
    keep_overview(clouds.store, now=clouds.now(), daily=True)
    return report
