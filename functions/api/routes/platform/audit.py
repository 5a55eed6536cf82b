"""The audit trail: search, verify, and what convinces others of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field

from functions.api.inputs import Clouds, Limit, Person, Subject, Token
from syndic.audit.erasure.contents import Erasure, Hold, erase_contents, list_holds, set_hold
from syndic.audit.models import EntryPage, Head, Leaves, ProvenEntry, SignedCheckpoint, Verification
from syndic.audit.public.showing import leaves_between, newest_checkpoint, prove_entry
from syndic.audit.reads import ReadPage, WantedReads, list_reads
from syndic.audit.search import Wanted, list_entries, search_entries
from syndic.audit.verification.daily import verify_published
from syndic.errors import InvalidInputError
from syndic.models import Noun

router = Router()

About = Annotated[str, Field(pattern=r"^[a-z_]+/[A-Za-z0-9._-]{1,200}$", description="Such as model/<id>")]
Reason = Annotated[str, Field(min_length=10, max_length=2000)]


class ErasureRequest(Noun):
    """What is to be erased, and why."""

    subject: About
    reason: Reason


class HoldRequest(Noun):
    """A legal hold."""

    subject: About
    reason: Reason
    held: bool = Field(default=True, description="false lifts it")


class HoldList(Noun):
    """All legal holds."""

    holds: tuple[Hold, ...]


@router.get("/audit", tags=["audit"])
def list_audit_entries(clouds: Clouds, subject: Subject = None, limit: Limit = 50, token: Token = None) -> EntryPage:
    """A page of entries, newest first."""
    return list_entries(clouds.store, subject=subject, limit=limit, token=token)


@router.get("/audit-logs", tags=["audit"])
def search_audit_logs(  # noqa: PLR0917 - query parameters
    clouds: Clouds,
    model: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,128}$", description="Id of a model")] = None,
    subject: Subject = None,
    actor: Annotated[str | None, Query(min_length=1, max_length=256, description="Who did it")] = None,
    action: Annotated[str | None, Query(pattern=r"^[a-z_]+\.[a-z_]+$", description="Such as model.changed")] = None,
    since: Annotated[datetime | None, Query(alias="from", description="The earliest time")] = None,
    until: Annotated[datetime | None, Query(alias="to", description="The time before which it was")] = None,
    limit: Limit = 50,
    token: Token = None,
) -> EntryPage:
    """Entries that fit, newest first. A page may have fewer than `limit` and yet have a `next_token`."""
    if model is not None and subject is not None:
        raise InvalidInputError("give model or subject, not both", where="query")
    _zoned(since, until)
    about = subject if model is None else f"model/{model}"
    wanted = Wanted(subject=about, actor=actor, action=action, begin=since, end=until)
    return search_entries(clouds.store, wanted, limit=limit, token=token)


@router.get("/audit-logs/checkpoint", tags=["audit"])
def read_checkpoint(clouds: Clouds) -> SignedCheckpoint:
    """The newest signed checkpoint, with the key that signed it. Keep both where nobody here can change them."""
    return newest_checkpoint(clouds.log_archive)


@router.get("/audit-logs/leaves", tags=["audit"])
def read_leaves(
    clouds: Clouds,
    start: Annotated[int, Query(ge=0, le=10**12, description="The first")] = 0,
    end: Annotated[int, Query(ge=0, le=10**12, description="The one behind the last")] = 4096,
) -> Leaves:
    """Hashes of entries, at most 4,096: the data of the tree's leaves."""
    return leaves_between(clouds.store, start, end)


@router.get("/audit-logs/holds", tags=["audit"])
def read_holds(clouds: Clouds) -> HoldList:
    """Legal holds: the subjects whose entries nobody may erase."""
    return HoldList(holds=list_holds(clouds.store))


@router.post("/audit-logs/holds", tags=["audit"])
def place_hold(clouds: Clouds, person: Person, wanted: Annotated[HoldRequest, Body()]) -> HoldList:
    """Place a legal hold on a subject, or lift it."""
    kept = set_hold(
        wanted.subject,
        held=wanted.held,
        reason=wanted.reason,
        store=clouds.store,
        audit=clouds.audit,
        actor=person.name,
        now=clouds.now(),
    )
    return HoldList(holds=kept.held)


@router.post("/audit-logs/erasures", tags=["audit"])
def erase_audit_contents(clouds: Clouds, person: Person, wanted: Annotated[ErasureRequest, Body()]) -> Erasure:
    """Erase contents and salts of a subject's entries. Their hashes stay, and that they were erased is an entry."""
    return erase_contents(
        wanted.subject,
        reason=wanted.reason,
        store=clouds.store,
        audit=clouds.audit,
        actor=person.name,
        now=clouds.now(),
    )


@router.get("/audit-logs/<index>/proof", tags=["audit"])
def read_proof(clouds: Clouds, index: Annotated[int, Path(ge=0, le=10**12, description="Of an entry")]) -> ProvenEntry:
    """The proof that an entry is under the newest checkpoint: the text of a `.tlog-proof` file."""
    return prove_entry(clouds.store, clouds.log_archive, index)


@router.get("/access-log", tags=["audit"])
def search_access_log(  # noqa: PLR0917 - query parameters
    clouds: Clouds,
    actor: Annotated[str | None, Query(min_length=1, max_length=256, description="Who looked")] = None,
    path: Annotated[
        str | None, Query(pattern=r"^/[!-~]{1,512}$", description="What was read, or what is above it")
    ] = None,
    since: Annotated[datetime | None, Query(alias="from", description="The earliest time")] = None,
    until: Annotated[datetime | None, Query(alias="to", description="The time before which it was")] = None,
    limit: Limit = 50,
    token: Token = None,
) -> ReadPage:
    """Who was shown what that is sensitive, newest first. A page may have fewer than `limit` and yet a `next_token`."""
    _zoned(since, until)
    return list_reads(
        clouds.store,
        WantedReads(actor=actor, path=path, begin=since, end=until),
        kept_for=timedelta(days=clouds.settings.access_log_days),
        now=clouds.now(),
        limit=limit,
        token=token,
    )


def _zoned(since: datetime | None, until: datetime | None) -> None:
    for name, moment in (("from", since), ("to", until)):
        if moment is not None and moment.tzinfo is None:
            raise InvalidInputError("needs a zone, such as 2026-11-21T00:00:00Z", where=f"query.{name}")


@router.get("/audit/verify", tags=["audit"])
def verify_audit(
    clouds: Clouds,
    size: Annotated[int | None, Query(ge=0, le=10**12, description="Of a head kept elsewhere")] = None,
    hash: Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$", description="Of that head")] = None,  # noqa: A002
) -> Verification:
    """Verify what came since the trail last verified; with a head that was kept elsewhere, all of it."""
    if (size is None) is not (hash is None):
        raise InvalidInputError("size and hash go together", where="query")
    known = Head(size=size, hash=hash) if size is not None and hash is not None else None
    return verify_published(clouds.store, clouds.log_archive, known=known)
