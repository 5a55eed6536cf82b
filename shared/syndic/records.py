"""Where the nouns that several concerns share are kept, and how they are read and written.

The keys of a concern's own records are built in that concern. docs/keys.md lists all of them.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeVar

from syndic.assessment import FrameworkStatus
from syndic.errors import NotFoundError, StaleWriteError
from syndic.model_marks import MODELS as MODELS  # noqa: PLC0414 - the rest of the core takes it from here
from syndic.model_marks import evidence_marks, marks_for
from syndic.models import Evidence, RegisteredModel, slug, to_json
from syndic.ports import ABSENT, Key, Listing, Page, Readable, Record, Store, Write

ASIDE: Final = "~~"
"""Sort keys from here on are no concern's records: `syndic.changes` keeps there what is still untold of the others."""

Result = TypeVar("Result")


def retried(
    step: Callable[[], Result],
    *,
    what: str,
    tries: int = 50,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Result:
    """Do a step that reads, decides and writes under conditions, again until nobody came in between.

    Args:
        step: Called again when it raises `StaleWriteError`; it must read again what it decides by.
        what: What it changes, for the error.
        tries: How often at most.
        sleep: Waits between tries.
        jitter: A random number between 0 and 1.

    Raises `StaleWriteError` when others were quicker each time.
    """
    for attempt in range(tries):
        try:
            return step()
        except StaleWriteError:
            if attempt:
                sleep(jitter() * min(0.2, 0.005 * 2 ** min(attempt, 6)))
    raise StaleWriteError(f"{what} was changed by others at each of {tries} tries: try again")


def retried_at(
    key: Key, step: Callable[[Record | None], Result], *, store: Store, read: Readable | None = None, what: str
) -> Result:
    """Do a step on the record at a key, again until nobody came in between.

    Args:
        key: What is changed.
        step: Called with the record that is there, or None.
        store: Where it is read before each try.
        read: What was read a moment ago, the key among it: the first try does not read again.
        what: What it changes, for the error.

    Raises `StaleWriteError` as `retried` does.
    """
    if read is not None:
        with suppress(StaleWriteError):
            return step(read.get(key))
    return retried(lambda: step(store.get(key)), what=what)


def model_key(model_id: str) -> Key:
    """Key of a registered model."""
    return Key(MODELS, model_id)


def model_record(model: RegisteredModel) -> Record:
    """A registered model as it is stored, listed so that each page of models is one query, however many there are.

    It is listed by name and by time of registration, among all models and among those with each word of
    `filter_words`.
    """
    partitions = [MODELS, *(f"{MODELS}.{name}.{word}" for name, words in filter_words(model).items() for word in words)]
    listings = [Listing(f"{start}{order}", place(model)) for start in partitions for order, place in ORDERS.items()]
    return Record(model_key(model.id), to_json(model), listings=tuple(listings))


def filter_words(model: RegisteredModel) -> dict[str, tuple[str, ...]]:
    """What a model is filtered by: for each filter the words under which it is found."""
    return {
        "status": (model.compliance_status.value,),
        "risk": (model.risk.level.value if model.risk else "undecided",),
        "cloud": (model.cloud.value,),
        "stage": model.stages,
        "presence": (model.presence.value,),
        "owner": (filter_word(model.owner),),
        "captured": ("told",) if model.endpoint is not None and (model.endpoint.told or model.endpoint.batch) else (),
    }


TOLD_MODELS: Final = f"{MODELS}.captured.told.by_name"
"""Partition in which the models are listed that no cloud lists: whose traffic is sent to the API, or of batch jobs."""


def name_place(model: RegisteredModel) -> str:
    """Where a model stands by name: small letters and digits of the name, then the id."""
    return f"{slug(model.name)[:NAME_LENGTH]}.{model.id}"


def newest_place(model: RegisteredModel) -> str:
    """Where a model stands among all, by time of registration."""
    return f"{model.registered_at:%Y%m%dT%H%M%SZ}.{model.id}"


NAME_LENGTH = 64  # of a name, as far as it orders
ORDERS: dict[str, Callable[[RegisteredModel], str]] = {".by_name": name_place, ".newest": newest_place}


def filter_word(value: str | None) -> str:
    """A filter's value as part of a key: an owner's address may hold anything."""
    return "none" if value is None else hashlib.sha256(value.strip().lower().encode()).hexdigest()[:16]


def find_model(store: Readable, model_id: str) -> RegisteredModel | None:
    """The registered model, or None."""
    record = store.get(model_key(model_id))
    return None if record is None else RegisteredModel.model_validate(record.body)


def get_model(store: Readable, model_id: str) -> RegisteredModel:
    """The registered model. Raises `NotFoundError`."""
    model = find_model(store, model_id)
    if model is None:
        raise NotFoundError(f"no model has the id {model_id!r}")
    return model


def iterate(
    store: Store,
    partition: str,
    *,
    prefix: str = "",
    start: str | None = None,
    end: str = ASIDE,
    descending: bool = False,
) -> Iterator[Record]:
    """All records that concerns keep or list in a partition, from a sort key on and to before another, page by page."""
    token: str | None = None
    while True:
        page: Page = store.query(
            partition, prefix=prefix, start=start, end=end, descending=descending, limit=100, token=token
        )
        yield from page.records
        if page.next_token is None:
            return
        token = page.next_token


def list_models(store: Store, *, after: str | None = None) -> Iterator[RegisteredModel]:
    """Every registered model, by id; those after one, where work on all of them goes on."""
    for record in iterate(store, MODELS, start=after):
        if record.key.sort != after:
            yield RegisteredModel.model_validate(record.body)


def evidence_key(model_id: str, kind: str) -> Key:
    """Key of the newest evidence of a kind."""
    return Key(f"evidence.{model_id}", kind)


def put_evidence(store: Store, evidence: Evidence) -> bool:
    """Keep evidence as the newest of its kind unless newer is there; returns whether it was kept.

    Older windows arriving late do not replace newer ones: the window's end decides, then the time of production.
    """
    key, body = evidence_key(evidence.model_id, evidence.kind), to_json(evidence)

    def step(present: Record | None) -> bool:
        if present is not None:
            if present.body == body:
                return True
            if evidence_rank(Evidence.model_validate(present.body)) > evidence_rank(evidence):
                return False
        record = Record(key, body)
        store.put_together([Write(record, present.etag if present else ABSENT), *evidence_marks(record, present)])
        return True

    return retried_at(key, step, store=store, what=f"evidence {evidence.kind} on {evidence.model_id}")


TOGETHER: Final = 45
"""Evidence that is renewed in one transaction, which takes 90 records."""


def renew_evidence(store: Store, shown: Iterable[Evidence], *, every: timedelta) -> list[str]:
    """Keep evidence that says something else than what is kept, or that is older than `every`; returns the kinds kept.

    What is shown of one model, or of the organisation, is read at once and written at once.
    """
    found = {evidence_key(one.model_id, one.kind): one for one in shown}
    if not found:
        return []
    present = store.get_many([*found])
    placed: dict[str, list[Evidence]] = {}
    for key, one in found.items():
        if _says_more(one, present.get(key), every):
            placed.setdefault(one.model_id, []).append(one)
    return [
        one.kind
        for kept in placed.values()
        for begin in range(0, len(kept), TOGETHER)
        for one in _put_together(store, kept[begin : begin + TOGETHER], present)
    ]


def _says_more(evidence: Evidence, record: Record | None, every: timedelta) -> bool:
    if record is None:
        return True
    known = Evidence.model_validate(record.body)
    same = known.sha256 == evidence.sha256 and evidence.produced_at - known.produced_at < every
    return not same and evidence_rank(known) <= evidence_rank(evidence)


def _put_together(store: Store, some: Sequence[Evidence], present: Mapping[Key, Record]) -> list[Evidence]:
    records = [Record(evidence_key(one.model_id, one.kind), to_json(one)) for one in some]
    before = {record.key: present.get(record.key) for record in records}
    marking = [record for record in records if evidence_marks(record, before[record.key])]
    marks = marks_for([Write(record) for record in marking]) if marking else []
    writes = [Write(record, known.etag if (known := before[record.key]) else ABSENT) for record in records]
    try:
        store.put_together([*writes, *marks])
    except StaleWriteError:  # somebody keeps one of them at this moment: each by itself, by its rank
        return [one for one in some if put_evidence(store, one)]
    return list(some)


def evidence_rank(evidence: Evidence) -> tuple[str, str]:
    """The order of evidence of one kind: the greatest is kept."""
    end = evidence.window.end.isoformat() if evidence.window else ""
    return (end, evidence.produced_at.isoformat())


def list_evidence(store: Store, model_id: str) -> Iterator[Evidence]:
    """The newest evidence of every kind on a model."""
    for record in iterate(store, f"evidence.{model_id}"):
        yield Evidence.model_validate(record.body)


ENDED: Final = "ended"
"""In the body of a status: its framework was switched off, so that it is nobody's state any more."""


def status_key(model_id: str, framework_id: str) -> Key:
    """Key of the newest status of a framework for a model."""
    return Key(f"compliance.{model_id}", framework_id)


def list_statuses(store: Store, model_id: str) -> Iterator[FrameworkStatus]:
    """The newest status of every framework for a model, by framework id. Earlier ones sort after ``~``."""
    token: str | None = None
    while True:
        page = store.query(f"compliance.{model_id}", end="~", limit=100, token=token)
        for record in page.records:
            if not record.body.get(ENDED):
                yield FrameworkStatus.model_validate(record.body["status"])
        if page.next_token is None:
            return
        token = page.next_token
