"""Discover models: let the registry follow what runs, and look at each model.

A source is listed in one step. Its models are looked at in pages of 25: the first by the run that listed, each other by
whoever takes the message that names it. So no step grows with the number of models, and one that dies is taken again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from syndic.discovery.due_checks import request_checks
from syndic.discovery.follow_listing import Outcome, Registry
from syndic.discovery.jobs.ended import hand_on_ended
from syndic.discovery.jobs.take import take_job
from syndic.discovery.models import DiscoveryReport, ModelNote
from syndic.discovery.pages import PAGE, cut, named, size_of, turned
from syndic.errors import SourceUnavailableError, UnavailableError
from syndic.models import BatchJob, Endpoint, JobsRequested, LookRequested, RegisteredModel
from syndic.ports import AuditTrail, CaptureReader, EventBus, JobSource, ModelSource, Store
from syndic.records import find_model

_log = logging.getLogger(__name__)

LONGEST: Final = timedelta(seconds=100)
"""After which a page hands the rest of itself on, in a function that has 300 seconds."""

STALE: Final = timedelta(hours=1)
"""The next listing asked for the same models by then."""


def discover_models(
    *,
    sources: Sequence[ModelSource],
    store: Store,
    captures: CaptureReader,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
    clock: Callable[[], datetime] | None = None,
) -> DiscoveryReport:
    """Let the registry follow every source, then ask for the checks that new captured files make due.

    A source that cannot be read changes nothing but the presence of its models, to unknown. A model whose files
    cannot be listed does not keep the others from being looked at. Running it again, at the same time by another
    function or after it was stopped anywhere, gives the same records; requests may then be published twice.
    """
    look = Look(store, captures, bus, audit, now=now, clock=clock)
    for source in sources:
        try:
            listed = list(source.listing())
            order = turned([one.name for one in listed], now)
            # An identity that may list and not describe is found out before any page is handed on.
            described = list(source.endpoints(order[:PAGE]))
        except SourceUnavailableError as error:
            _log.warning("source unavailable", extra={"source": source.name, "reason": str(error)})
            unknown, gone = look.registry.miss(source.name, str(error), look.outcome)
            pages = list(cut(LookRequested(source=source.name, asked_at=now, unknown=unknown, gone=gone)))
            described = []
        else:
            gone = look.registry.follow(source.name, [one.model_id for one in listed], look.outcome)
            pages = list(cut(LookRequested(source=source.name, asked_at=now, endpoints=tuple(order), gone=gone)))
            if isinstance(source, JobSource):
                look.jobs_of(source)
        if pages:
            look.hand_on(pages[1:])
            look.at(pages[0], described)
    return look.report()


def look_at(
    request: LookRequested,
    *,
    sources: Sequence[ModelSource],
    store: Store,
    captures: CaptureReader,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
    clock: Callable[[], datetime] | None = None,
) -> DiscoveryReport:
    """Look at the models of a page. Where it fails, each of them is asked for alone: one hides no other.

    A request that waited for over an hour is left out: the next listing has asked again, in another order.
    """
    look = Look(store, captures, bus, audit, now=now, clock=clock)
    source = next((one for one in sources if one.name == request.source), None)
    if now - request.asked_at >= STALE or (source is None and request.endpoints):
        _log.warning("page left out", extra={"source": request.source, "asked_at": request.asked_at.isoformat()})
        return look.report()
    try:
        look.at(request, list(source.endpoints(request.endpoints)) if source and request.endpoints else [])
    except (UnavailableError, SourceUnavailableError):
        if size_of(request) == 1:
            raise
        _log.warning("page taken apart", extra={"source": request.source}, exc_info=True)
        look.hand_on(list(cut(request, size=1)))
    return look.report()


def look_at_jobs(
    request: JobsRequested,
    *,
    sources: Sequence[ModelSource],
    store: Store,
    captures: CaptureReader,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
    clock: Callable[[], datetime] | None = None,
) -> DiscoveryReport:
    """Take the batch jobs of a page, and ask for the checks of their rows. Where it fails, each is asked for alone."""
    look = Look(store, captures, bus, audit, now=now, clock=clock)
    source = next((one for one in sources if one.name == request.source and isinstance(one, JobSource)), None)
    if source is None:
        _log.warning("jobs left out", extra={"source": request.source, "jobs": len(request.jobs)})
        return look.report()
    try:
        look.take(list(source.jobs(request.jobs)))
    except (UnavailableError, SourceUnavailableError):
        if len(request.jobs) == 1:
            raise
        _log.warning("jobs taken apart", extra={"source": request.source}, exc_info=True)
        bus.publish([JobsRequested(source=request.source, jobs=(name,)) for name in request.jobs])
    return look.report()


class Look:
    """Looks at models, one after another, and adds up what it found."""

    def __init__(
        self,
        store: Store,
        captures: CaptureReader,
        bus: EventBus,
        audit: AuditTrail,
        *,
        now: datetime,
        clock: Callable[[], datetime] | None,
    ) -> None:
        self.outcome = Outcome()
        self.registry = Registry(store, audit, bus, now=now)
        self._store, self._captures, self._bus, self._audit, self._now = store, captures, bus, audit, now
        self._clock = clock or (lambda: now)
        self._until = self._clock() + LONGEST
        self._requested = self._handed_on = 0

    def at(self, page: LookRequested, described: Sequence[Endpoint]) -> None:
        """Take over what a page's endpoints are, mark what is gone or unknown, and ask for the checks of each.

        What is left when the time is over is handed on.
        """
        there = {one.name: one for one in described}
        for done, (part, name) in enumerate(named(page)):
            if done and self._clock() >= self._until:
                self.hand_on(list(cut(page, since=done)))
                return
            endpoint, model_id = there.get(name), name
            if part == "endpoints":
                if endpoint is None:  # deleted since it was listed
                    continue
                self.registry.see(endpoint, self.outcome)
                model_id = endpoint.model_id
            elif part == "gone":
                self.registry.mark_gone(name)
            else:
                self.registry.mark_unknown(name)
            model = find_model(self._store, model_id)
            if model is not None:
                self._ask(model)

    def jobs_of(self, source: JobSource) -> None:
        """Hand on the batch jobs of a source that ended. Where they cannot be listed, its endpoints are seen."""
        _, reason = hand_on_ended(source, store=self._store, bus=self._bus, audit=self._audit, now=self._now)
        if reason is not None:
            self.outcome.unavailable.setdefault(source.name, reason)

    def take(self, jobs: Sequence[BatchJob]) -> None:
        """Take batch jobs, and ask for the checks of the models that they are of."""
        taken: dict[str, None] = {}
        for job in sorted(jobs, key=lambda one: one.created_at):
            model_id = take_job(
                job, registry=self.registry, outcome=self.outcome, store=self._store, audit=self._audit, now=self._now
            )
            if model_id is not None:
                taken[model_id] = None
        for model_id in taken:
            model = find_model(self._store, model_id)
            if model is not None:
                self._ask(model)

    def hand_on(self, pages: Sequence[LookRequested]) -> None:
        """Leave pages to whoever takes their messages."""
        if pages:
            self._bus.publish(pages)
            self._handed_on += sum(map(size_of, pages))

    def report(self) -> DiscoveryReport:
        """What was found and done."""
        found = self.outcome
        return DiscoveryReport(
            registered=tuple(found.registered),
            changed=tuple(found.changed),
            gone=tuple(found.gone),
            unknown=tuple(found.unknown),
            unavailable=found.unavailable,
            requested=self._requested,
            handed_on=self._handed_on,
            notes=tuple(found.notes),
        )

    def _ask(self, model: RegisteredModel) -> None:
        asked, notes = request_checks(
            model, store=self._store, captures=self._captures, bus=self._bus, audit=self._audit, now=self._now
        )
        self._requested += asked
        self.outcome.notes += [ModelNote(model_id=model.id, note=note) for note in notes]
