"""What one request works through: the adapters, with its preconditions and its idempotency key before the store."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from functions import wiring
from functions.api.access.callers import caller_of
from functions.api.access.permissions import TABLE
from functions.api.access.roles import PUBLIC, READ
from functions.api.guards import header, strict_json
from functions.api.preconditions import RECORDS, GuardedStore, read_if_match
from functions.api.problems import PROBLEM_JSON
from syndic.attribution import Attributing
from syndic.errors import InvalidInputError, UnavailableError
from syndic.idempotency import Answer, Claim, KeyedStore, claim, keep_answer, release
from syndic.ports import AuditTrail, Store
from syndic.tasks import clouds as tasks

log = logging.getLogger(__name__)

NOT_CLAIMED: Final = "/gateway/<model_id>/predict"
"""A prediction changes nothing: the key is the request's id, and what answers has no right to write records."""

NOT_KEPT: Final = frozenset(
    {
        "/policies/dry-run", "/compliance/frameworks/<framework_id>/dry-run", "/compliance/frameworks/validate",
        "/alerts/routes/dry-run",
        "/alerts/rules/dry-run", "/alerts/receivers/dry-run", "/alerts/silences/dry-run",
        "/compliance/personal-data", "/keys", NOT_CLAIMED,
    }
)  # fmt: skip
"""Routes whose answers are not kept: nothing is made, or the answer is nobody else's to hold."""

ANSWERS_KEPT: Final = 256 * 1024
"""Characters of an answer that is kept. A longer one is worked out again, which makes nothing a second time."""


class AnsweredBefore(Exception):  # noqa: N818 - no error: the answer is here
    """The request was carried out before; this is what was answered."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(answer.status)


class _RequestClouds:
    """The adapters of this process as one request has them."""

    def __init__(self, clouds: tasks.Clouds, store: Store, asked_at: datetime | None, scope: RequestScope) -> None:
        self._clouds, self.store, self._asked_at, self._scope = clouds, store, asked_at, scope

    @property
    def audit(self) -> AuditTrail:
        """The trail, whose entries say who asked, in what role and by which request.

        On a route for everybody nobody is signed in, so no role is said.
        """
        public, guarded = TABLE[self._scope.method, self._scope.route] is PUBLIC, self._scope.guarded
        caller = None if public else caller_of(self._scope.event)
        return Attributing(
            self._clouds.audit,
            actor=caller.name if caller else "",
            role=",".join(sorted(caller.roles & READ)) if caller else "",
            request=self._scope.request_id,
            key=caller.key if caller else None,
            seen=guarded.digest_of if guarded is not None else lambda _key, _etag: None,
        )

    def now(self) -> datetime:
        """The time of this call. A request that is taken up again is carried out as of when it was asked for first."""
        return self._asked_at or self._clouds.now()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._clouds, name)


@dataclass
class RequestScope:
    """One request on its way: where it goes, and what it holds on to until it is answered."""

    event: dict[str, Any]
    method: str
    route: str
    ids: Mapping[str, str]
    request_id: str = ""
    guarded: GuardedStore | None = None
    _claim: Claim | None = None
    _keyed: KeyedStore | None = None
    _clouds: tasks.Clouds | None = field(default=None, repr=False)

    def clouds(self) -> tasks.Clouds:
        """The adapters for this request.

        Raises:
            AnsweredBefore: It came with a key under which it was carried out before.
            ReusedKeyError: The key was used for another request.
            InvalidInputError: `If-Match` or `Idempotency-Key` is not well-formed, or has no meaning here.
        """
        if self._clouds is None:
            clouds = wiring.wired()
            store = self._claimed(clouds, self._guard(clouds.store))
            again = self._claim is not None and self._claim.asked_at < clouds.now()
            asked_at = self._claim.asked_at if self._claim is not None and again else None
            self._clouds = cast("tasks.Clouds", _RequestClouds(clouds, store, asked_at, self))
        return self._clouds

    def close(self, response: dict[str, Any]) -> None:
        """Give the answer its ETag, and keep it under the request's key."""
        status = int(response["statusCode"])
        if self.guarded is not None and self.guarded.tag is not None and status < 300:
            response["multiValueHeaders"]["ETag"] = [self.guarded.tag]
        if self._claim is None or self._keyed is None or status >= 500:
            return
        store = wiring.wired().store
        body = str(response.get("body") or "")
        try:
            if status >= 400 and not self._keyed.changes:
                release(self._claim, store=store)
            elif self.route not in NOT_KEPT and len(body) <= ANSWERS_KEPT:
                keep_answer(self._claim, Answer(status, body), store=store)
        except UnavailableError as error:  # it was carried out: whoever asks again has it worked out again
            log.warning("answer could not be kept", extra={"reason": str(error)})

    def _claimed(self, clouds: tasks.Clouds, store: Store) -> Store:
        key = header(self.event, "idempotency-key")
        if key is None or self.method == "GET" or self.route == NOT_CLAIMED or TABLE[self.method, self.route] is PUBLIC:
            return store
        if not 1 <= len(key.strip('"')) <= 255 or not key.isascii() or not key.isprintable():
            raise InvalidInputError("is 1 to 255 visible characters", where="header.Idempotency-Key")
        query = self.event.get("multiValueQueryStringParameters") or {}
        asked = {
            "method": self.method, "path": self.event["path"], "query": dict(query), "body": self._body(),
            "if_match": header(self.event, "if-match"),
        }  # fmt: skip
        sender = caller_of(self.event).name
        self._claim = claim(sender, key.strip('"'), asked, store=clouds.store, now=clouds.now())
        if self._claim.answer is not None:
            raise AnsweredBefore(self._claim.answer)
        self._keyed = KeyedStore(store, self._claim, now=clouds.now())
        return self._keyed

    def _guard(self, store: Store) -> Store:
        wanted = read_if_match(header(self.event, "if-match")) if self.method != "GET" else None
        place = RECORDS.get(self.route)
        if place is None:
            if wanted is not None:
                raise InvalidInputError("nothing here has an ETag", where="header.If-Match")
            return store
        self.guarded = GuardedStore(store, place(self.ids), wanted)
        return self.guarded

    def _body(self) -> Any:
        body = self.event.get("body")
        return None if body is None else strict_json(body)


def content_type_of(answer: Answer) -> str:
    """The media type of an answer that was kept."""
    return PROBLEM_JSON if answer.status >= 400 else "application/json"
