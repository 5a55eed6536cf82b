"""Models are found by the stages of their versions, whatever overtakes what and whatever dies in between."""

from __future__ import annotations

from syndic.models import RegisteredModel, to_json
from syndic.ports import Key, Record
from syndic.records import get_model, model_record
from syndic.registry.audits import bulk_check
from syndic.registry.keys import stages_key
from syndic.registry.models import Stage, Stages
from syndic.registry.overview import keep_overview
from syndic.registry.promotion.promote import promote
from syndic.registry.versions.catalogue import list_page
from syndic.registry.versions.stage_listing import follow_stages
from syndic.registry.versions.versions import change_model
from tests.unit.registry.case import NOW, PROFILE, Registry


def found(registry: Registry) -> set[str]:
    return {stage.value for stage in Stage if list_page(registry.store, filters={"stage": stage.value}).models}


def staged(registry: Registry, of: dict[str, Stage]) -> None:
    """The record of stages as if the process had died right after it was written."""
    record = Stages(model_id=registry.model.id, of=of)
    registry.store.put(Record(stages_key(registry.model.id), to_json(record)))


def test_a_model_is_found_under_each_stage_of_its_versions():
    registry = Registry(**PROFILE)
    assert found(registry) == set()
    registry.version("1")
    registry.version("2")
    assert found(registry) == {"development"}
    common = {"store": registry.store, "audit": registry.audit, "actor": "ann", "now": NOW}
    promote(registry.model.id, "1", Stage.ARCHIVED, reason="never trained", **common)
    assert found(registry) == {"development", "archived"}
    change_model(registry.model.id, {"description": "ranks"}, **common)
    assert found(registry) == {"development", "archived"}


def test_what_a_crash_left_behind_is_mended_by_the_daily_count():
    registry = Registry()
    registry.version("1")
    staged(registry, {"1": Stage.PRODUCTION})
    assert found(registry) == {"development"}
    counted = keep_overview(registry.store, now=NOW, daily=True)
    assert (found(registry), counted.by_stage) == ({"production"}, {"production": 1})


def test_a_stage_that_changes_while_the_model_is_written_is_followed():
    registry = Registry()
    registry.version("1")
    store, put = registry.store, registry.store.put

    def overtaken(record: Record, *, expect: str | None = None) -> Record:
        store.put = put
        staged(registry, {"1": Stage.PRODUCTION})  # another promotion, between reading stages and writing the model
        model = get_model(store, registry.model.id)
        store.put(model_record(model.model_copy(update={"owner": "new@example.com"})))  # and another change of it
        return put(record, expect=expect)

    staged(registry, {"1": Stage.STAGING})
    store.put = overtaken
    follow_stages(store, registry.model.id)
    model = get_model(store, registry.model.id)
    assert (model.stages, model.owner) == (("production",), "new@example.com")


def test_a_model_that_is_gone_is_no_error():
    follow_stages(Registry().store, "nobody")


def test_a_stage_is_judged_a_page_of_models_at_a_time():
    registry = Registry()
    body = to_json(registry.model)
    for n in range(5):
        model = RegisteredModel.model_validate({**body, "id": f"m-{n}", "name": f"m {n}"})
        registry.store.put(model_record(model))
        version = {"model_id": model.id, "version": "1", "created_at": NOW.isoformat(), "created_by": "ann"}
        registry.store.put(Record(Key(f"model.{model.id}", "version.1"), version))
        registry.store.put(Record(stages_key(model.id), {"model_id": model.id, "of": {"1": "production"}}))
        follow_stages(registry.store, model.id)
    judged, token = [], None
    for _ in range(3):
        page = bulk_check(registry.store, Stage.PRODUCTION, now=NOW, limit=2, token=token)
        judged += [(result.model_id, result.passed) for result in page.results]
        token = page.next_token
    assert judged == [(f"m-{n}", False) for n in range(5)]
    assert token is None
