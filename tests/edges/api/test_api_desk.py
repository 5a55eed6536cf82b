"""What the desk asks besides records: models by their checks, what runs next, a report before it is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from syndic.errors import InvalidInputError
from syndic.registry.models import ModelVersion
from syndic.registry.versions.versions import add_version
from syndic.tasks.schedule.schedules import list_schedules
from syndic_client import errors
from tests.edges.calling import Gateway
from tests.edges.world import MODEL, NOW, World


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("checked")


def test_models_are_found_by_their_checks_their_verdict_and_their_framework(world: World) -> None:
    def found(**query: Any) -> list[str]:
        return [one.id for one in Gateway().client().models.list(**query)]

    standing = Gateway().client().request("GET", f"/dashboard/models/{MODEL}")
    (verdict,) = {one["verdict"] for one in standing["evidence"].values() if one["verdict"] == "drift"}
    assert found(checks="failing") == found(verdict=verdict) == found(framework="EU-AI-Act") == [MODEL]
    assert found(checks="none") == found(verdict="sound") == []
    for wrong in ({"checks": "fine"}, {"verdict": "bad"}, {"framework": "unheard_of"}):
        with pytest.raises(errors.InvalidRequestError):
            found(**wrong)


def test_a_preview_tells_what_the_report_would_hold(world: World) -> None:
    preview = Gateway().client().reports.preview

    held = Gateway().client().request("GET", f"/models/{MODEL}/compliance")["statuses"]
    counts = {one["framework_id"]: {name: n for name, n in one["counts"].items() if n} for one in held}
    whole = preview()
    assert (whole.models, [one.id for one in whole.shown]) == (1, [MODEL])
    assert {one.framework_id: one.requirements for one in whole.shown[0].frameworks} == counts
    (alone,) = preview(framework="gdpr", model=MODEL).shown[0].frameworks
    assert alone.framework_id == "gdpr"
    draft = preview(kind="annex_iv", model=MODEL)
    assert 0 < len(draft.open) < (draft.fields or 0)
    assert "1. General description: Forms in which it is placed on the market" in draft.open
    assert Gateway().client().reports.list().all() == []
    with pytest.raises(errors.BadRequestError, match="exactly one model"):
        preview(kind="annex_iv")


def test_what_nobody_may_waive_is_not_offered_to_be_waived(world: World) -> None:
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "setup", "now": NOW}
    add_version(ModelVersion(model_id=MODEL, version="1", created_at=NOW, created_by="setup"), **common)
    gate = Gateway().client().request("GET", f"/models/{MODEL}/versions/1/gate", query={"stage": "production"})
    waivable = {one["name"]: one["waivable"] for one in gate["conditions"] if not one["met"]}
    assert waivable["approvals"] is False
    for name, allowed in waivable.items():
        body = {"condition": name, "reason": "no such column is known"}
        if allowed:
            Gateway().client().request("POST", f"/models/{MODEL}/versions/1/waivers", body=body)
        else:
            with pytest.raises(errors.NotAllowedError):
                Gateway().client().request("POST", f"/models/{MODEL}/versions/1/waivers", body=body)
    assert True in waivable.values()


def test_schedules_tell_when_they_run_next() -> None:
    rates = {
        "Compliance": "cron(15 5 * * ? *)", "Registries": "cron(30 * * * ? *)", "Discovery": "rate(1 hour)",
        "Audit": "rate(1 minute)",
    }  # fmt: skip
    now = datetime(2026, 12, 31, 5, 15, tzinfo=UTC)
    found = {one.name: (one.next, one.exact) for one in list_schedules(rates, now=now)}
    assert found == {
        "Audit": (datetime(2026, 12, 31, 5, 16, tzinfo=UTC), False),
        "Registries": (datetime(2026, 12, 31, 5, 30, tzinfo=UTC), True),
        "Discovery": (datetime(2026, 12, 31, 6, 15, tzinfo=UTC), False),
        "Compliance": (datetime(2027, 1, 1, 5, 15, tzinfo=UTC), True),  # this minute it runs already
    }
    assert list(found) == ["Audit", "Registries", "Discovery", "Compliance"]
    with pytest.raises(InvalidInputError, match=r"schedules\.Odd|neither a rate"):
        list_schedules({"Odd": "cron(0 5 ? * MON *)"}, now=now)
