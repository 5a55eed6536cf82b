"""The audit trail: read and verify."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.api.inputs import Clouds, Limit, Subject, Token
from syndic.audit.models import EntryPage, Head, Verification
from syndic.audit.verify import list_entries, verify
from syndic.errors import InvalidInputError

router = Router()


@router.get("/audit", tags=["audit"])
def list_audit_entries(
    clouds: Clouds,
    subject: Subject = None,
    limit: Limit = 50,
    token: Token = None,
) -> EntryPage:
    """A page of entries, newest first."""
    return list_entries(clouds.store, subject=subject, limit=limit, token=token)


@router.get("/audit/verify", tags=["audit"])
def verify_audit(
    clouds: Clouds,
    size: Annotated[int | None, Query(ge=0, le=10**12, description="Of a head kept elsewhere")] = None,
    hash: Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$", description="Of that head")] = None,  # noqa: A002
) -> Verification:
    """Verify the whole trail, and that it continues a head that was kept elsewhere."""
    if (size is None) is not (hash is None):
        raise InvalidInputError("size and hash go together", where="query")
    known = Head(size=size, hash=hash) if size is not None and hash is not None else None
    return verify(clouds.store, known=known)
