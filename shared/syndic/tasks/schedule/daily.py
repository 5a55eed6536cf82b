"""The daily work: evidence expires and deadlines pass without any event; what the platform knows is evidence too.

It is done in steps. Each takes at most about a minute and leaves a message for what is left, so that no call grows with
the number of models or the length of the audit trail. The verification comes after the evaluation, which nothing of it
can hold up; when it finds something else than the day before, the models are evaluated once more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from syndic.alerting.response import record_response
from syndic.assessment import ORGANISATION
from syndic.audit.verification.daily import KIND, verify_further
from syndic.compliance.evaluation.evaluate import EvaluationReport, evaluate_all
from syndic.compliance.people.handling import record_handling
from syndic.compliance.person_index import keep_person_index
from syndic.discovery.storage import record_keeping, record_own_stores
from syndic.identity.accounts import record_accounts
from syndic.models import DailyStepRequested
from syndic.records import evidence_key, list_models
from syndic.registry.overview import keep_overview
from syndic.tasks.clouds import Clouds, InspectedClouds
from syndic.tasks.duties.conformity.follow import follow_versions
from syndic.tasks.duties.dates import record_organisation, record_registers
from syndic.tasks.duties.erasure_record import record_erasures
from syndic.tasks.duties.monitoring_plan import watch_plans
from syndic.tasks.retention.daily import keep_or_let_go
from syndic.tasks.schedule.sweeping import tell_untold
from syndic.tasks.schedule.upgrading import upgrade_records

LONGEST: Final = timedelta(seconds=60)
"""After which a step leaves the rest to the next; a compliance function has 300 seconds."""

ENTRIES: Final = 100_000
"""Of the audit trail that one step verifies: about half a minute of a small function."""

ORDER: Final = ("platform", "people", "evaluation", "verification", "overview", "retention")


def evaluate_daily(clouds: InspectedClouds) -> EvaluationReport:
    """Begin the day's work, and go on as far as one call goes."""
    tell_untold(clouds)
    upgrade_records(clouds)
    return go_on(DailyStepRequested(step="platform", begun_at=clouds.now()), clouds)


def go_on(request: DailyStepRequested, clouds: InspectedClouds) -> EvaluationReport:
    """Do a step, and those after it while there is time. Work of the day before yesterday is left to today's."""
    report = EvaluationReport(models=0, statuses=0, changed=0)
    until = clouds.now() + LONGEST
    if clouds.now() - request.begun_at > timedelta(days=1):
        return report

    def over() -> bool:
        return clouds.now() >= until

    after = request.after
    for step in ORDER[ORDER.index(request.step) :]:
        if step == "evaluation":
            report = _evaluate(clouds)
        else:
            left, after = _STEPS[step](clouds, after, over)
            if left:
                clouds.bus.publish([DailyStepRequested(step=step, after=after, begun_at=request.begun_at)])
                return report
        after = None
        if over() and step != ORDER[-1]:
            following = ORDER[ORDER.index(step) + 1]
            clouds.bus.publish([DailyStepRequested(step=following, begun_at=request.begun_at)])
            return report
    return report


def _platform(clouds: InspectedClouds, after: str | None, over: Callable[[], bool]) -> tuple[bool, str | None]:  # noqa: ARG001
    """Who may sign in and by what, and by which rules Syndic's own stores keep what is in them."""
    if clouds.accounts is not None:
        record_accounts(store=clouds.store, accounts=clouds.accounts, now=clouds.now())
    if clouds.own_stores:
        record_own_stores(store=clouds.store, storage=clouds.storage, own=clouds.own_stores, now=clouds.now())
        record_organisation(clouds)  # registers are kept where the API is
    return False, None


def _people(clouds: InspectedClouds, after: str | None, over: Callable[[], bool]) -> tuple[bool, str | None]:
    """Whether alerts were taken up and remediations done in time, what registers show, how captures are kept."""
    for model in list_models(clouds.store, after=after):
        record_response(store=clouds.store, now=clouds.now(), models=[model])
        record_handling(store=clouds.store, now=clouds.now(), models=[model])
        record_keeping(
            store=clouds.store, storage=clouds.storage, clouds=clouds.inspects, now=clouds.now(), models=[model]
        )
        if clouds.own_stores:  # registers lie where the API is
            watch_plans(clouds, models=[model])
            follow_versions(clouds, models=[model])
            record_registers(clouds, models=[model])
            record_erasures(clouds, models=[model])
        if over():
            return True, model.id
    return False, None


def _evaluate(clouds: Clouds) -> EvaluationReport:
    report = evaluate_all(store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=clouds.now())
    clouds.count("ModelsEvaluated", report.models, trigger="schedule")
    return report


def _verify(clouds: Clouds, after: str | None, over: Callable[[], bool]) -> tuple[bool, str | None]:  # noqa: ARG001
    """Where it goes on is in the evidence: the last checkpoint that was reached intact."""
    before = _verdict(clouds)
    found, more = verify_further(store=clouds.store, archive=clouds.log_archive, now=clouds.now(), most=ENTRIES)
    while more:
        if over():
            return True, None
        found, more = verify_further(store=clouds.store, archive=clouds.log_archive, now=clouds.now(), most=ENTRIES)
    clouds.count("AuditVerified", outcome="intact" if found.intact else "faulty")
    if _verdict(clouds) != before:
        _evaluate(clouds)
    return False, None


def _verdict(clouds: Clouds) -> str | None:
    record = clouds.store.get(evidence_key(ORGANISATION, KIND))
    return None if record is None else str(record.body["status"])


def _overview(clouds: Clouds, after: str | None, over: Callable[[], bool]) -> tuple[bool, str | None]:  # noqa: ARG001
    left = keep_overview(clouds.store, now=clouds.now(), daily=True, over=over) is None
    return left or not keep_person_index(clouds.store, now=clouds.now(), over=over), None


def _retention(clouds: InspectedClouds, after: str | None, over: Callable[[], bool]) -> tuple[bool, str | None]:
    """Results whose time is over go; days and months stay for them. Last, as nothing waits for it."""
    return keep_or_let_go(clouds, after, governs=bool(clouds.own_stores), over=over)


_STEPS: Final[dict[str, Callable[[InspectedClouds, str | None, Callable[[], bool]], tuple[bool, str | None]]]] = {
    "platform": _platform,
    "people": _people,
    "verification": _verify,
    "overview": _overview,
    "retention": _retention,
}
