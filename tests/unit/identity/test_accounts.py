"""Who may sign in, as evidence: counts, no names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from syndic.adapters.memory import MemoryDirectory, MemoryStore
from syndic.assessment import ORGANISATION
from syndic.errors import UnavailableError
from syndic.identity.accounts import accounts_evidence, record_accounts
from syndic.models import EvidenceStatus
from syndic.ports import DirectoryAccount, DirectoryUser
from syndic.records import list_evidence

NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
PEOPLE = tuple(
    DirectoryUser(name, f"{name}@example.org", frozenset(roles), enabled=name != "gone", confirmed=name != "new")
    for name, roles in (("ada", ["admin"]), ("gone", ["admin"]), ("new", []), ("olga", ["auditor", "model_owner"]))
)


def test_accounts_are_counted_by_role_and_what_they_lack():
    found = accounts_evidence(MemoryDirectory(PEOPLE).accounts(), now=NOW)
    assert (found.model_id, found.status) == (ORGANISATION, EvidenceStatus.PASSING)
    assert found.facts == {
        "accounts": 4, "may_sign_in": 3, "disabled": 1, "never_signed_in": 1, "without_role": 1,
        "without_second_factor": 0, "second_factor_elsewhere": 0,
        "by_role": {"admin": 1, "auditor": 1, "model_owner": 1},
    }  # fmt: skip
    assert "ada" not in found.model_dump_json()


@pytest.mark.parametrize(("who", "status"), [("ada", EvidenceStatus.FAILING), ("gone", EvidenceStatus.PASSING)])
def test_one_who_may_sign_in_without_a_second_factor_is_one_too_many(who, status):
    directory = MemoryDirectory(PEOPLE)
    directory.without_second_factor.add(who)
    assert accounts_evidence(directory.accounts(), now=NOW).status is status


def test_the_second_factor_of_a_companys_provider_is_not_seen_and_said_so():
    directory = MemoryDirectory(PEOPLE)
    directory.of_provider |= {"ada", "olga"}
    found = accounts_evidence(directory.accounts(), now=NOW)
    assert found.facts["second_factor_elsewhere"] == 2
    assert "of 2 who sign in by a provider it is not seen" in found.summary


class Silent:
    def accounts(self) -> Iterator[DirectoryAccount]:
        raise UnavailableError("the user pool: no answer")


@pytest.mark.parametrize("accounts", [Silent(), MemoryDirectory()])
def test_a_directory_that_says_nothing_shows_nothing(accounts):
    store = MemoryStore()
    assert record_accounts(store=store, accounts=accounts, now=NOW)
    (found,) = list_evidence(store, ORGANISATION)
    assert found.status is EvidenceStatus.INCONCLUSIVE
