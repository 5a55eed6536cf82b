"""Which groups somebody of an external provider is in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.provider_groups import with_groups

MAP = {"Governance Admins": "admin", "Risk": "risk_owner", "Risk (EU)": "risk_owner"}


def event(groups: str | None, status: str = "EXTERNAL_PROVIDER") -> dict[str, Any]:
    """Version 1 of the pre token generation event."""
    attributes = {"cognito:user_status": status} | ({} if groups is None else {"custom:groups": groups})
    return {
        "version": "1",
        "triggerSource": "TokenGeneration_HostedAuth",
        "request": {"userAttributes": attributes, "groupConfiguration": {"groupsToOverride": ["pool_Okta", "admin"]}},
        "response": {"claimsOverrideDetails": None},
    }


def groups(value: str | None) -> list[str]:
    answer = with_groups(event(value), mapping=MAP)["response"]
    found: list[str] = answer["claimsOverrideDetails"]["groupOverrideDetails"]["groupsToOverride"]
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("[Governance Admins, Risk]", ["admin", "risk_owner"]),
        ('["Governance Admins","Risk"]', ["admin", "risk_owner"]),
        ("Governance Admins", ["admin"]),
        ("[Risk, Risk (EU)]", ["risk_owner"]),
        ("[governance admins]", []),  # names are compared as they are
        ("[admin]", []),  # Syndic's own name is not the provider's
        ("[]", []),
        ("", []),
        (None, []),
    ],
)
def test_only_mapped_groups_count(value: str | None, expected: list[str]) -> None:
    assert groups(value) == expected


def test_users_of_the_pool_keep_its_groups() -> None:
    local = event("[Governance Admins]", status="CONFIRMED")
    assert with_groups(local, mapping=MAP) == local


@given(st.lists(st.sampled_from([*MAP, "Other", "x y"]), max_size=6))
def test_every_way_to_write_the_list_means_the_same(names: list[str]) -> None:
    expected = sorted({MAP[name] for name in names if name in MAP})
    assert groups("[" + ", ".join(names) + "]") == groups(json.dumps(names)) == expected
