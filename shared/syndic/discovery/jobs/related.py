"""Which registered model a batch job belongs to. Pure but for looking the model up.

By what people say first, then by what the cloud says: the tag `syndic:model`; the group in which the model's package is
registered, whose versions the registry imports as one model; the name of the cloud's model, less the time that SDKs put
behind it. A model with an endpoint takes no jobs: its hours and a job are not one history.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from syndic.models import (
    BATCH,
    BatchJob,
    CaptureConfig,
    CaptureFormat,
    Cloud,
    Endpoint,
    EndpointVariant,
    RegisteredModel,
    imported_id,
    model_id,
)
from syndic.ports import Store
from syndic.records import find_model

MODEL: Final = "syndic:model"
_TIME: Final = re.compile(r"-\d{4}(-\d{2}){5}-\d{3}$")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class Related(NamedTuple):
    """A model: its id, what it is called when it is new, and what a person should know."""

    model_id: str
    name: str
    note: str | None = None


def related(job: BatchJob, store: Store) -> Related:
    """The model of a job; it need not be registered yet."""
    asked = job.tags.get(MODEL, "").strip()[:100]
    if asked:
        named = find_model(store, asked) if _ID.fullmatch(asked) else None
        if named is not None and takes_jobs(named):
            return Related(named.id, named.name)
        note = None
        if named is not None:
            note = (
                f"batch job {job.name} names model {named.id}, which has an endpoint: hours and jobs are not one "
                "history, so that its jobs have a model of their own"
            )
        return Related(_own(asked, job), asked, note)
    if job.package_group is not None:
        identity = imported_id(f"sagemaker packages {job.scope}", job.package_group)
        known = find_model(store, identity)
        if known is None or takes_jobs(known):
            return Related(identity, job.package_group)
    family = _TIME.sub("", job.model_name)
    return Related(_own(family, job), family)


def takes_jobs(model: RegisteredModel) -> bool:
    """Whether a model can be one of batch jobs: nothing else answers for it."""
    return model.kind == "model" and (model.endpoint is None or model.endpoint.batch)


def endpoint_of(job: BatchJob, of: Related) -> Endpoint:
    """What stands for the jobs of a model, as its newest one says."""
    bucket = job.output_uri.removeprefix("s3://").partition("/")[0]
    variant = EndpointVariant(name="batch", model_name=job.model_name, model_version=job.model_version, image=job.image)
    return Endpoint(
        cloud=Cloud.AWS,
        scope=job.scope,
        name=of.model_id,
        resource_id=f"{BATCH}{of.model_id}",
        status="batch jobs",
        variants=(variant,),
        kinds=("batch_transform",),
        capture=CaptureConfig(enabled=True, format=CaptureFormat.SAGEMAKER_BATCH, uri=f"s3://{bucket}"),
        tags=job.tags,
    )


def _own(name: str, job: BatchJob) -> str:
    return model_id(name, f"sagemaker jobs {job.scope}/{name}")
