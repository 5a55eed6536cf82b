"""Evidence about who may sign in: accounts, roles and second factors, read from the directory instead of signed for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.assessment import ORGANISATION
from syndic.canonical import sha256_of
from syndic.errors import UnavailableError
from syndic.models import Evidence, EvidenceStatus
from syndic.ports import AccountReader, DirectoryAccount, Store
from syndic.records import renew_evidence

KIND: Final = "directory.accounts"
VALID_FOR: Final = timedelta(days=7)
RENEWED: Final = timedelta(days=3)


def record_accounts(*, store: Store, accounts: AccountReader, now: datetime) -> bool:
    """Keep what the directory says of all accounts; tells whether it was written."""
    try:
        evidence = accounts_evidence(accounts.accounts(), now=now)
    except UnavailableError as error:
        evidence = _evidence({}, f"the directory could not be read: {error}", EvidenceStatus.INCONCLUSIVE, now)
    return bool(renew_evidence(store, (evidence,), every=RENEWED))


def accounts_evidence(accounts: Iterable[DirectoryAccount], *, now: datetime) -> Evidence:
    """Counts of accounts, no names: failing when somebody of the directory can sign in without a second factor.

    Of those who sign in by a company's own provider the second factor is not seen. Directories keep no last sign-in.
    """
    everybody = [*accounts]
    may = [one for one in everybody if one.enabled]
    without = sum(one.second_factor is False for one in may)
    elsewhere = sum(one.second_factor is None for one in may)
    facts: dict[str, JsonValue] = {
        "accounts": len(everybody),
        "may_sign_in": len(may),
        "disabled": len(everybody) - len(may),
        "never_signed_in": sum(not one.confirmed for one in may),
        "without_role": sum(not one.roles for one in may),
        "without_second_factor": without,
        "second_factor_elsewhere": elsewhere,
        "by_role": dict(sorted(Counter(role for one in may for role in one.roles).items())),
    }
    said = (
        f"{len(may)} of {len(everybody)} accounts may sign in, {facts['without_role']} of them in no role, "
        f"{facts['never_signed_in']} never did; {without} without a second factor"
    )
    if elsewhere:
        said += f"; of {elsewhere} who sign in by a provider it is not seen"
    status = EvidenceStatus.FAILING if without else EvidenceStatus.PASSING
    return _evidence(facts, said, status if everybody else EvidenceStatus.INCONCLUSIVE, now)


def _evidence(facts: dict[str, JsonValue], said: str, status: EvidenceStatus, now: datetime) -> Evidence:
    return Evidence(
        kind=KIND,
        model_id=ORGANISATION,
        status=status,
        summary=said,
        facts=facts,
        source="directory",
        sha256=sha256_of({"facts": facts, "summary": said}),
        produced_at=now,
        expires_at=now + VALID_FOR,
    )
