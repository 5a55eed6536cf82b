"""Keeps models findable by the stages of their versions.

The record of stages decides; the model only repeats it, so that a page of models in production is one query. The two
are in different partitions, so the model follows a moment later; the daily count puts right what a crash left behind.
"""

from __future__ import annotations

from syndic.errors import StaleWriteError
from syndic.models import RegisteredModel
from syndic.ports import Store
from syndic.records import iterate, model_key, model_record, retried
from syndic.registry.keys import partition, stages_key
from syndic.registry.models import Stage, Stages


def version_stages(store: Store, model_id: str) -> dict[str, Stage]:
    """The stage of every version of a model, those still in development included."""
    record = store.get(stages_key(model_id))
    known = {} if record is None else Stages.model_validate(record.body).of
    names = (item.key.sort.removeprefix("version.") for item in iterate(store, partition(model_id), prefix="version."))
    return {name: known.get(name, Stage.DEVELOPMENT) for name in names}


def follow_stages(store: Store, model_id: str) -> None:
    """Let the model repeat the stages that its versions are in. Does nothing when it does already.

    After its own write it looks again: a stage may have changed between reading and writing.
    """

    def step() -> None:
        record = store.get(model_key(model_id))
        if record is None:
            return
        model = RegisteredModel.model_validate(record.body)
        stages = tuple(sorted({stage.value for stage in version_stages(store, model_id).values()}))
        if model.stages != stages:
            store.put(model_record(model.model_copy(update={"stages": stages})), expect=record.etag)
            raise StaleWriteError("look again")

    retried(step, what=f"model {model_id}")
