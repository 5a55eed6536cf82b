"""A receiver that knows nothing yet is given everything of the sender's, in portions, and nothing of others'."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.models import Cloud, to_json
from syndic.ports import Key, Record
from syndic.records import get_model, model_key
from tests.unit.mirror.two_clouds import MODEL, TwoClouds, found


def test_models_of_aws_are_not_offered_to_azure() -> None:
    world = found()
    world.meet()
    own = get_model(world.aws.store, MODEL).model_copy(update={"id": "credit-1", "cloud": Cloud.AWS, "endpoint": None})
    fresh = TwoClouds(azure=found().azure)
    fresh.aws.store.put(Record(model_key("credit-1"), to_json(own)))

    report = fresh.meet()

    assert report.pushed.left_out == ()
    assert fresh.azure.store.get(model_key("credit-1")) is None


def test_a_note_of_the_future_does_not_hide_what_comes_after_the_first_exchange() -> None:
    world = found(skew=timedelta(days=400))  # its clock was wrong from the beginning
    world.azure.skew = timedelta(0)
    world.meet()
    world.later(timedelta(hours=1))
    world.azure.own.put(Record(Key(f"drift.{MODEL}", "next"), {}))

    world.meet()

    assert world.aws.raw.get(Key(f"drift.{MODEL}", "next")) is not None


def test_a_partition_of_any_size_is_copied_in_portions() -> None:
    world = found()
    for number in range(1000):
        world.azure.store.put(Record(Key(f"drift.{MODEL}", f"w{number:03}"), {"number": number}))
        world.azure.store.put(Record(Key(f"quality.{MODEL}", f"w{number:03}"), {"number": number}))

    reports = [world.meet(most=300)]
    while not reports[-1].pulled.complete:
        assert len(reports) < 12, "no portion begins where the last one ended"
        reports.append(world.meet(most=300))

    assert len(reports) > 6
    assert max(report.pulled.looked_at for report in reports) <= 300 + 101
    for partition in ("drift", "quality"):
        assert world.aws.raw.get(Key(f"{partition}.{MODEL}", "w999")) is not None


def test_a_killed_copy_goes_on_from_its_last_page() -> None:
    world = found()
    for number in range(1000):
        world.azure.store.put(Record(Key(f"drift.{MODEL}", f"w{number:03}"), {}))
    reads, query = [], world.azure.store.query

    def dies(partition: str, **given: object) -> object:
        reads.append(partition)
        if len([one for one in reads if one.startswith("drift.")]) == 8:
            raise KeyboardInterrupt
        return query(partition, **given)  # type: ignore[arg-type]

    world.azure.store.query = dies  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        world.meet()
    world.azure.store.query = query  # type: ignore[method-assign]

    assert world.meet().pulled.looked_at < 500


@pytest.mark.parametrize("written_at", ["azure-1", "credit-9"])
def test_azure_registers_no_model_but_its_own(written_at: str) -> None:
    world = found()
    world.meet()
    forged = get_model(world.azure.store, MODEL).model_copy(update={"id": "credit-9", "cloud": Cloud.AWS})
    world.azure.own.put(Record(model_key(written_at), to_json(forged)))

    report = world.meet()

    assert [one.sort for one in report.pulled.left_out] == [written_at]
    assert world.aws.raw.get(model_key("credit-9")) is None
    assert world.aws.raw.get(model_key(written_at)) is None
