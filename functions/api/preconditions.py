"""Of two people who change one record, the second is told: ETag and If-Match (RFC 9110, 13.1.1).

Each route that shows or changes one record has it in `RECORDS`. Its ETag is a hash of what the record holds. A change
that is sent with `If-Match` is made through a `GuardedStore`, which compares in the very write: between looking and
writing nobody can come.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from functions.api.problems import PreconditionFailedError
from syndic.alerting.keys import alert_key, chat_person_key, receiver_key, routing_key, rule_key
from syndic.canonical import sha256_of
from syndic.checks.history.keys import POLICY as RETENTION
from syndic.compliance.keys import applicability_key, classification_key, remediation_key
from syndic.erasure.keys import erasure_key
from syndic.errors import InvalidInputError
from syndic.forwarding import ForwardingStore
from syndic.identity.keys import issuer_key
from syndic.policy import policy_key
from syndic.ports import ABSENT, Key, Record, Store, Write
from syndic.records import model_key
from syndic.registers.keys import entry_key
from syndic.registry.keys import deployment_key, gateway_key, policy_choice_key, version_key
from syndic.tasks.people import person_key

INCIDENT: Final = (
    "", "/assessment", "/reports", "/measures", "/measures/<measure_id>", "/close", "/reopen",
)  # fmt: skip
RISK: Final = (
    "", "/assessment", "/controls", "/controls/<control_id>", "/decision", "/reviews", "/close", "/reopen",
)  # fmt: skip
"""What is under an entry of a register and changes it."""

RECORDS: Final[dict[str, Callable[[Mapping[str, str]], Key]]] = {
    "/models/<model_id>": lambda ids: model_key(ids["model_id"]),
    "/models/<model_id>/risk-profile": lambda ids: model_key(ids["model_id"]),
    "/models/<model_id>/compliance-status": lambda ids: model_key(ids["model_id"]),
    "/models/<model_id>/versions/<version>": lambda ids: version_key(ids["model_id"], ids["version"]),
    "/models/<model_id>/versions/<version>/metrics": lambda ids: version_key(ids["model_id"], ids["version"]),
    "/retention": lambda _: RETENTION,
    "/models/<model_id>/approval-policy": lambda ids: policy_choice_key(ids["model_id"]),
    "/models/<model_id>/drift/policy": lambda ids: policy_key("drift", ids["model_id"]),
    "/models/<model_id>/quality/policy": lambda ids: policy_key("quality", ids["model_id"]),
    "/models/<model_id>/bias/policy": lambda ids: policy_key("bias", ids["model_id"]),
    "/models/<model_id>/bias/thresholds": lambda ids: policy_key("bias", ids["model_id"]),
    "/models/<model_id>/classifications/<questionnaire>": lambda ids: classification_key(
        ids["model_id"], ids["questionnaire"]
    ),
    "/compliance/frameworks/<framework_id>/applicability": lambda ids: applicability_key(ids["framework_id"]),
    "/models/<model_id>/remediations/<remediation_id>": lambda ids: remediation_key(
        ids["model_id"], ids["remediation_id"]
    ),
    "/erasures/<erasure_id>": lambda ids: erasure_key(ids["erasure_id"]),
    "/erasures/<erasure_id>/apply": lambda ids: erasure_key(ids["erasure_id"]),
    "/models/<model_id>/conformity/<file_id>": lambda ids: entry_key("conformity", ids["file_id"]),
    "/models/<model_id>/conformity/<file_id>/conclude": lambda ids: entry_key("conformity", ids["file_id"]),
    "/systems/<system_id>": lambda ids: entry_key("systems", ids["system_id"]),
    "/systems/<system_id>/review": lambda ids: entry_key("systems", ids["system_id"]),
    "/vendors/<vendor_id>": lambda ids: entry_key("vendors", ids["vendor_id"]),
    "/vendors/<vendor_id>/agreements": lambda ids: entry_key("vendors", ids["vendor_id"]),
    "/vendors/<vendor_id>/agreements/<agreement_id>/end": lambda ids: entry_key("vendors", ids["vendor_id"]),
    "/vendors/<vendor_id>/questionnaire": lambda ids: entry_key("vendors", ids["vendor_id"]),
    "/vendors/<vendor_id>/review": lambda ids: entry_key("vendors", ids["vendor_id"]),
    "/auth/issuers/<issuer>": lambda ids: issuer_key(ids["issuer"]),
    "/users/<user>": lambda ids: person_key(ids["user"]),
    "/users/<user>/roles": lambda ids: person_key(ids["user"]),
    "/alerts/receivers/<receiver>": lambda ids: receiver_key(ids["receiver"]),
    "/models/<model_id>/gateway": lambda ids: gateway_key(ids["model_id"]),
    "/alerts/people/<member>": lambda ids: chat_person_key(ids["member"]),
    "/alerts/rules/<rule>": lambda ids: rule_key(ids["rule"]),
    "/alerts/routes": lambda _: routing_key(),
    "/alerts/<alert_id>": lambda ids: alert_key(ids["alert_id"]),
    **{f"/incidents/<incident_id>{one}": lambda ids: entry_key("incidents", ids["incident_id"]) for one in INCIDENT},
    **{f"/risks/<risk_id>{one}": lambda ids: entry_key("risks", ids["risk_id"]) for one in RISK},
    "/requests/<person_request_id>": lambda ids: entry_key("requests", ids["person_request_id"]),
    "/requests/<person_request_id>/identity": lambda ids: entry_key("requests", ids["person_request_id"]),
    "/requests/<person_request_id>/extend": lambda ids: entry_key("requests", ids["person_request_id"]),
    "/requests/<person_request_id>/answer": lambda ids: entry_key("requests", ids["person_request_id"]),
    "/requests/<person_request_id>/withdraw": lambda ids: entry_key("requests", ids["person_request_id"]),
    "/requests/<person_request_id>/reopen": lambda ids: entry_key("requests", ids["person_request_id"]),
    "/processing-records/<processing_id>": lambda ids: entry_key("processing", ids["processing_id"]),
    "/processing-records/<processing_id>/confirm": lambda ids: entry_key("processing", ids["processing_id"]),
    "/processing-records/<processing_id>/retire": lambda ids: entry_key("processing", ids["processing_id"]),
    "/trainings/<training_id>": lambda ids: entry_key("trainings", ids["training_id"]),
    "/trainings/<training_id>/end": lambda ids: entry_key("trainings", ids["training_id"]),
    "/assignments/<assignment_id>": lambda ids: entry_key("assignments", ids["assignment_id"]),
    "/assignments/<assignment_id>/trainings": lambda ids: entry_key("assignments", ids["assignment_id"]),
    "/assignments/<assignment_id>/accept": lambda ids: entry_key("assignments", ids["assignment_id"]),
    "/assignments/<assignment_id>/end": lambda ids: entry_key("assignments", ids["assignment_id"]),
    "/policy-documents/<policy_id>": lambda ids: entry_key("policy_documents", ids["policy_id"]),
    "/policy-documents/<policy_id>/text": lambda ids: entry_key("policy_documents", ids["policy_id"]),
    "/policy-documents/<policy_id>/readers": lambda ids: entry_key("policy_documents", ids["policy_id"]),
    "/policy-documents/<policy_id>/acknowledge": lambda ids: entry_key("policy_documents", ids["policy_id"]),
    "/policy-documents/<policy_id>/review": lambda ids: entry_key("policy_documents", ids["policy_id"]),
    "/policy-documents/<policy_id>/retire": lambda ids: entry_key("policy_documents", ids["policy_id"]),
    "/deployments/<deployment_id>": lambda ids: deployment_key(ids["deployment_id"]),
    "/deployments/<deployment_id>/cancel": lambda ids: deployment_key(ids["deployment_id"]),
    "/deployments/<deployment_id>/rollback": lambda ids: deployment_key(ids["deployment_id"]),
}

NOT_THERE: Final = '"none"'
"""ETag of what is shown although no record is kept of it, as a policy that nobody has set yet."""

_LIST: Final = re.compile(
    r'\s*(\*|(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"(?:\s*,\s*(?:W/)?"[\x21\x23-\x7e\x80-\xff]*")*)\s*'
)
_TAG: Final = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def read_if_match(text: str | None) -> frozenset[str] | None:
    """The ETags of an `If-Match` header; None when there is none. `*` stays as it is.

    A weak tag matches nothing, as If-Match compares strongly. Raises `InvalidInputError`.
    """
    if text is None:
        return None
    if not _LIST.fullmatch(text):
        raise InvalidInputError('is a list of ETags in quotes, such as "0f3a", or *', where="header.If-Match")
    if text.strip() == "*":
        return frozenset({"*"})
    return frozenset(tag for weak, tag in _TAG.findall(text) if not weak)


def tag_of(body: Mapping[str, Any] | None) -> str:
    """The ETag of what a record holds."""
    return NOT_THERE if body is None else _tag(sha256_of(dict(body)))


def _tag(digest: str) -> str:
    return f'"{digest[:32]}"'


class GuardedStore(ForwardingStore):
    """A store through which one record is changed only while it is as it was when its ETag was given out.

    Args:
        store: Where the records are.
        key: The record.
        wanted: ETags, one of which it must have when it is written; None: it may be as it likes. `*`: it is there.

    `tag` is the record's ETag as it was read last or, when it was written, as it was written; None: neither.
    """

    def __init__(self, store: Store, key: Key, wanted: frozenset[str] | None) -> None:
        super().__init__(store)
        self._key, self._wanted = key, wanted
        self._seen: dict[str, str] = {}  # ETag of each state that was read, by the store's own mark of it
        self._digests: dict[str, str] = {}
        self.tag: str | None = None

    def get(self, key: Key) -> Record | None:
        """The record at a key."""
        found = self._store.get(key)
        if key == self._key:
            self._saw(found)
        return found

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """The records at some keys."""
        found = self._store.get_many(keys)
        if self._key in keys:
            self._saw(found.get(self._key))
        return found

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Write a record. Raises `PreconditionFailedError` for the guarded one."""
        (checked,) = self._checked((Write(record, expect),))
        written = self._store.put(checked.record, expect=checked.expect)
        self._wrote((written,))
        return written

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Write all or none. Raises `PreconditionFailedError` for the guarded one."""
        written = self._store.put_together(self._checked(writes))
        self._wrote(written)
        return written

    def digest_of(self, key: Key, etag: str) -> str | None:
        """The SHA-256 of what the guarded record held when it had an etag; None for what was not looked at."""
        return self._digests.get(etag) if key == self._key else None

    def _saw(self, found: Record | None) -> None:
        if found is None:
            self.tag = self._seen[ABSENT] = NOT_THERE
            return
        self._digests[found.etag] = sha256_of(dict(found.body))
        self.tag = self._seen[found.etag] = _tag(self._digests[found.etag])

    def _wrote(self, written: Sequence[Record]) -> None:
        for record in written:
            if record.key == self._key:
                self._saw(record)

    def _checked(self, writes: Sequence[Write]) -> list[Write]:
        """The writes, each of the guarded record under the condition that it is in a state that was looked at."""
        return [self._compared(one) if one.record.key == self._key else one for one in writes]

    def _compared(self, write: Write) -> Write:
        if self._wanted is None:
            return write
        expect = write.expect
        if expect not in self._seen:
            found = self.get(self._key)
            expect = expect or (found.etag if found else ABSENT)
        tag = self._seen.get(expect, "")
        if tag in {NOT_THERE, ""} if self._wanted == {"*"} else tag not in self._wanted:
            raise PreconditionFailedError("it was changed since you read it: read it again and decide anew")
        return Write(write.record, expect)
